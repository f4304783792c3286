export { assertWritable } from './assert-writable.ts';
export { findImage } from './find-image.ts';
export { findInputs, type FoundInputs } from './find-inputs.ts';
export { makeFolder } from './make-folder.ts';
export { readClinicalRecord } from './clinical-record.ts';
export { readInputsJson, type ListedInputs } from './inputs-json.ts';
export { readJson } from './read-json.ts';
export { removeOutput } from './remove-output.ts';
export { resolveFolders, type CaseFolders, type ResolveFoldersOptions } from './resolve-folders.ts';
export { safePath } from './safe-path.ts';
export {
  CLINICAL_RECORD,
  CT,
  HPV_STATUS,
  PET,
  PLANNING_CT,
  RFS,
  RT_DOSE,
  SEGMENTATION,
} from './sockets.ts';
export type { InputSocket, OutputSocket } from './sockets.ts';
export { writeAtomically, type WriteOptions } from './write-atomically.ts';
export { writeJson } from './write-json.ts';
export { writeLabelMap } from './write-label-map.ts';
