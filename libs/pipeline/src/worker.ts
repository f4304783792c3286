/** What runs on the compute thread of a container. */
export { servePrediction } from './serve-prediction.ts';
export { serveSegmentation } from './serve-segmentation.ts';
