export { assertWritable } from './write-output.ts';
export { findImage } from './find-image.ts';
export { findInputs, type FoundInputs } from './find-inputs.ts';
export { readClinicalRecord } from './read-json.ts';
export { readInputsJson, type ListedInputs } from './find-inputs.ts';
export { readJson } from './read-json.ts';
export { removeOutput } from './write-output.ts';
export { resolveFolders, type CaseFolders, type ResolveFoldersOptions } from './resolve-folders.ts';
export { safePath } from './find-image.ts';
export { readTask } from './task.ts';
export {
  TASK_SCHEMA,
  type ProfileName,
  type Task,
  type TaskInput,
  type TaskOutput,
} from './task.ts';
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
export { writeOutput } from './write-output.ts';
export { writeJson } from './write-output.ts';
export { writeLabelMap } from './write-output.ts';
