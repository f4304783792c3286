/** What runs on the compute thread of a container. */
export { serveHpv, serveRisk } from './app/serve-prediction.ts';
export { serveSegmentation } from './app/serve-segmentation.ts';
