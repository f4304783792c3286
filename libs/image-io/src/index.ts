export { IMAGE_EXTENSIONS } from './image-extensions.ts';
export type { ReadOptions } from './read-context.ts';
export { readVolume } from './read-volume.ts';
export { runtimeAssets, setRuntimeAssetFolder, type RuntimeAsset } from './tiff/tiff-runtime.ts';
export { toNumeric } from './to-numeric.ts';
export { writeVolume, type WriteOptions } from './write-volume.ts';
