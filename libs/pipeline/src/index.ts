export { prepareCase, type PreparedCase } from './segmentation/prepare-case.ts';
export { runSegmentation, type Segmentation } from './segmentation/run-segmentation.ts';
export type { RunContext } from './segmentation/run-context.ts';
export { runPrediction, type Prediction } from './prediction/run-prediction.ts';
