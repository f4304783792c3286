export { prepareCase, type PreparedCase } from './prepare-case.ts';
export { runSegmentation, type Segmentation } from './run-segmentation.ts';
export type { RunContext } from './run-context.ts';
export type { CaseImage, CaseImages, CasePaths } from './read-case.ts';
