export type { Tensor } from './volume.ts';
export type {
  Direction,
  Grid,
  NumericVoxelArray,
  ScalarType,
  Vec3,
  Volume,
  VoxelArray,
} from './volume.ts';
export { assertGrid, assertSameGrid, assertVolume, isSameGrid } from './grid.ts';
export {
  arrayClassOf,
  createGrid,
  createVolume,
  emptyVolume,
  scalarTypeOf,
} from './create-volume.ts';
export {
  identityDirection,
  isIdentityDirection,
  sameNumbers,
  voxelCount,
  voxelToWorld,
  worldToVoxel,
} from './grid.ts';
