export type { Tensor } from './tensor.ts';
export type {
  Direction,
  Grid,
  NumericVoxelArray,
  ScalarType,
  Vec3,
  Volume,
  VoxelArray,
} from './volume.ts';
export { assertGrid, assertSameGrid, assertVolume, isSameGrid } from './assert-grid.ts';
export {
  componentRuns,
  connectedComponents,
  largestComponent,
  type ComponentRuns,
  type Components,
  type Connectivity,
  type LargestComponent,
} from './connected-components.ts';
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
} from './geometry.ts';
