export { modelMemory } from './graph-memory.ts';
export type { EngineModel, Feeds, ModelEngine } from './engine.ts';
export { checkModelHeader, readHeader } from './model-header.ts';
export type { ExpectedTensor, TensorInfo } from './model-fits.ts';
export type { OnnxModel } from './onnx-model.ts';
export { createPredictor, openModel, type OpenModelOptions } from './open-model.ts';
