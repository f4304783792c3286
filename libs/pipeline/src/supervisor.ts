/** What runs on the main thread of a container: light, so that the program starts at once. */
export { superviseCase, type SuperviseCaseOptions } from './app/supervise-case.ts';
export { superviseHpv, superviseRisk } from './app/supervise-prediction.ts';
export { superviseSegmentation, type AppOptions } from './app/supervise-segmentation.ts';
