export { IMAGE_EXTENSIONS } from './read-volume.ts';
export type { ReadOptions } from './open-file.ts';
export { readVolume } from './read-volume.ts';
export { runtimeAssets, setRuntimeAssetFolder, type RuntimeAsset } from './tiff/tiff-runtime.ts';
export { toNumeric } from './voxels.ts';
export { writeVolume, type WriteOptions } from './write-volume.ts';
