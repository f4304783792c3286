/** What runs on the compute thread of a container. */
export { servePreparation } from './app/serve-preparation.ts';
export { serveSegmentation } from './app/serve-segmentation.ts';
