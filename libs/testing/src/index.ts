export { bundleWorker } from './bundle-worker.ts';
export { agreement, expectGrid, expectVolume, labelDice, maxDifference } from './compare.ts';
export { readGoldenArray, readGoldenJson } from './golden.ts';
export { gaussianBlurInPlace } from './phantom/blur.ts';
export type { ClinicalRecord } from './phantom/clinical.ts';
export { createPhantom, type Phantom, type PhantomOptions } from './phantom/create-phantom.ts';
export type { TumourSite } from './phantom/lesions.ts';
export { createRandom, type Random } from './random.ts';
export { realDataDir } from './real-data-dir.ts';
