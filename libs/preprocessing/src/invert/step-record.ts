import type { Grid, Vec3 } from '@hecktor/volume';
import type { AxisOrder } from '../resample/relate-grids.ts';

interface SpatialRecord {
  /** Name of the step, as in the recipe. */
  readonly step: string;
  /** The common grid before the step. */
  readonly before: Grid;
  /** The common grid after it. */
  readonly after: Grid;
}

/** Images came onto one grid; `before` is null when they had different ones. */
export interface ResampleRecord extends Omit<SpatialRecord, 'before'> {
  readonly kind: 'resample';
  readonly before: Grid | null;
  /** For each image the share, from 0 to 1, of the voxels of `after` that it has values for. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** Images became bare arrays; `before` holds the grids that they had. */
export interface ResetGeometryRecord {
  readonly kind: 'reset-geometry';
  readonly step: string;
  readonly before: Readonly<Record<string, Grid>>;
}

/** A box was cut out; it starts at voxel `start` of the grid before. */
export interface CropRecord extends SpatialRecord {
  readonly kind: 'crop';
  readonly start: Vec3;
}

/** Voxels were added; the grid before starts at voxel `low` of the grid after. */
interface PadRecord extends SpatialRecord {
  readonly kind: 'pad';
  readonly low: Vec3;
}

/** Axes were permuted and flipped: axis a after runs along axis `order[a]` before. */
export interface ReorientRecord extends SpatialRecord {
  readonly kind: 'reorient';
  readonly order: AxisOrder;
  readonly flips: readonly [boolean, boolean, boolean];
}

/**
 * The same extent was divided into another number of voxels. Where each image was resized on its own
 * grid, both grids are those of the first image.
 */
export interface ResizeRecord extends SpatialRecord {
  readonly kind: 'resize';
  /** The spacing that was asked for, from which the size was rounded; of `resample-to-spacing`. */
  readonly spacing?: Vec3;
}

/** Values changed, positions did not. */
interface IntensityRecord {
  readonly kind: 'intensity';
  readonly step: string;
  readonly image: string;
  /** Numbers that the step worked out from the image, for instance its mean. */
  readonly found: Readonly<Record<string, number>>;
}

/** What one step did, enough to undo it. */
export type StepRecord =
  | ResetGeometryRecord
  | ResampleRecord
  | CropRecord
  | PadRecord
  | ReorientRecord
  | ResizeRecord
  | IntensityRecord;
