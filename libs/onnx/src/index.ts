export { createPredictor } from './create-predictor.ts';
export type { OnnxModel } from './onnx-model.ts';
export { openModel, type OpenModelOptions } from './open-model.ts';
export type { ExpectedTensor, TensorInfo } from './tensor-info.ts';
export { checkModelHeader } from './model-header.ts';
