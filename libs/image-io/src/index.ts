export { niftiParts } from './nifti/write-nifti.ts';
export { IMAGE_EXTENSIONS, readVolume } from './read-volume.ts';
export { sniffFormat, type FileFormat } from './sniff-format.ts';
export { runtimeAssets } from './tiff/tiff-runtime.ts';
export { toNumeric } from './voxels.ts';
export { writeVolume, type WriteOptions } from './write-volume.ts';
