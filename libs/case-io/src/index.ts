export { findImage } from './find-image.ts';
export { findInputs, type FoundInputs } from './find-inputs.ts';
export { readClinicalRecord } from './read-json.ts';
export { readLabelMap, type Label, type LabelMap } from './read-label-map.ts';
export { resolveFolders } from './resolve-folders.ts';
export { expectedValue, fitsOutput, inFile } from './output-value.ts';
export {
  labelMapOf,
  readTask,
  TASK_SCHEMA,
  type LabelMapOutput,
  type OutputEvaluation,
  type ProfileName,
  type Task,
  type TaskInput,
  type TaskOutput,
  type ValueOutput,
} from './task.ts';
export {
  assertWritable,
  outputError,
  removeOutputs,
  writeOutputs,
  type OutputValues,
} from './write-output.ts';
export { writeTensor } from './write-tensor.ts';
