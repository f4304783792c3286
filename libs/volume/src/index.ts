export {
  arrayClassOf,
  createGrid,
  createVolume,
  emptyVolume,
  scalarTypeOf,
} from './create-volume.ts';
export {
  assertGrid,
  assertSameGrid,
  assertVolume,
  HEADER_TOLERANCE,
  identityDirection,
  isSameGrid,
  sameNumbers,
  voxelCount,
  voxelToWorld,
  worldToVoxel,
} from './grid.ts';
export type {
  Direction,
  Grid,
  NumericVoxelArray,
  ScalarType,
  Tensor,
  Vec3,
  Volume,
  VoxelArray,
} from './volume.ts';
