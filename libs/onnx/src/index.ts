export { modelMemory, type ModelMemory } from './graph-memory.ts';
export type { EngineModel, EngineTensor, EngineUse, Feeds, ModelEngine } from './engine.ts';
export { checkModelHeader, readHeader, type ModelHeader } from './model-header.ts';
export type { ExpectedTensor, TensorInfo } from './model-fits.ts';
export type { OnnxModel } from './onnx-model.ts';
export { createPredictor, openModel, type OpenModelOptions } from './open-model.ts';
