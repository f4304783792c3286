export {
  componentCentroids,
  componentRuns,
  largestComponent,
  type ComponentRuns,
  type Connectivity,
} from './connected-components.ts';
export {
  arrayClassOf,
  createGrid,
  createVolume,
  emptyVolume,
  scalarTypeOf,
} from './create-volume.ts';
export { addForeground, boundingBox, boxOf, componentBounds, emptyBounds } from './foreground.ts';
export {
  assertGrid,
  assertSameGrid,
  assertVolume,
  bareGrid,
  HEADER_TOLERANCE,
  identityDirection,
  isSameGrid,
  sameNumbers,
  voxelCount,
  voxelIndex,
  voxelToWorld,
  worldToVoxel,
} from './grid.ts';
export { linearValue } from './linear-value.ts';
export {
  copyBox,
  gridOfRegion,
  intersect,
  pasteBox,
  perAxis,
  wholeRegion,
  type Region,
} from './region.ts';
export {
  toVec3,
  type Direction,
  type Grid,
  type NumericVoxelArray,
  type ScalarType,
  type Tensor,
  type Vec3,
  type Volume,
  type VoxelArray,
} from './volume.ts';
export { worldBox, type WorldBox } from './world-box.ts';
