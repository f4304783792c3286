/** What runs on the compute thread of a container. */
export { CLASS } from './class-head.ts';
export { FUSION } from './fusion-head.ts';
export { ICARE, RISK } from './risk-heads.ts';
export { COX, SURVIVAL_TREES } from './survival-heads.ts';
export { servePrediction } from './serve-prediction.ts';
export { serveSegmentation } from './serve-segmentation.ts';
