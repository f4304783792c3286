export { boundSize, type BoundSize } from './bound-size.ts';
export { preprocess, preprocessLazily } from './preprocess.ts';
export type { Images, Prepared, PreprocessContext } from './preprocess.ts';
export { invertLabels, type InvertContext, type InvertOptions } from './invert/invert-labels.ts';
export {
  createLogitsInverter,
  invertLogits,
  type InvertedLogits,
  type InvertLogitsOptions,
  type LogitsInterpolation,
  type LogitsInverter,
} from './invert/invert-logits.ts';
export { labelsFromTensor, type AxisName, type LazyTensor, type TensorLayout } from './tensor.ts';
export { coverage } from './resample/coverage.ts';
export {
  resampleMask,
  resampleVolume,
  type ResampleVolumeOptions,
} from './resample/resample-volume.ts';
export { constantVolume } from './constant-volume.ts';
export { STEP_SCHEMAS, type StepConfig } from './steps/index.ts';
export { parseStep } from './parse-step.ts';
export { runInline, runKernel } from './kernels/run-kernel.ts';
export type { KernelJob, KernelRunner } from './kernels/kernel-job.ts';
export type { StepRecord } from './invert/step-record.ts';
