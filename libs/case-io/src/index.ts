export { findImage } from './find-image.ts';
export { findInputs, type FoundInputs } from './find-inputs.ts';
export { readClinicalRecord } from './read-json.ts';
export { readLabelMap, type Label, type LabelMap } from './read-label-map.ts';
export { resolveFolders, type CaseFolders } from './resolve-folders.ts';
export {
  readTask,
  TASK_SCHEMA,
  type ProfileName,
  type Task,
  type TaskInput,
  type TaskOutput,
} from './task.ts';
export { assertWritable, removeOutput, writeJson, writeLabelMap } from './write-output.ts';
export { writeTensor } from './write-tensor.ts';
