import type { NumericVoxelArray, Vec3 } from '@hecktor/volume';
import type { GridMap } from '../resample/relate-grids.ts';

/**
 * A scalar image, or a box out of one, read through strides. Voxel (i, j, k) of the image is
 * `data[(i - lo[0]) * strides[0] + (j - lo[1]) * strides[1] + (k - lo[2]) * strides[2]]`.
 */
export interface StridedSource {
  readonly data: NumericVoxelArray;
  readonly strides: Vec3;
  /** First voxel that `data` holds. */
  readonly lo: Vec3;
  /** Size of the whole image, of which `data` may hold a part. */
  readonly size: Vec3;
}

/** Interpolation coefficients of a box of voxels, x fastest; may reach past the image's border. */
export interface CoefficientBlock {
  readonly data: Float64Array;
  readonly lo: Vec3;
  readonly size: Vec3;
  /**
   * Set along x or y where the block holds values at the table's output positions,
   * `[table.from, table.to)`, instead of coefficients at voxels.
   */
  readonly placed: readonly [AxisTable | null, AxisTable | null];
}

/** The voxels along one axis that are filtered: `[from, to)` of an axis of `length` voxels. */
export interface AxisReach {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Filters slices along x and y into a coefficient block, or at once to output positions. */
export interface FilterSlicesJob {
  readonly kind: 'filter-slices';
  readonly source: StridedSource;
  readonly block: CoefficientBlock;
  readonly reach: readonly [AxisReach, AxisReach, AxisReach];
  /** Slices of the image, `[from, to)`. */
  readonly slices: readonly [number, number];
  /** False copies the values, as linear interpolation needs them. */
  readonly prefilter: boolean;
  /** Element 0 becomes 1 when a value is not finite. */
  readonly status: Int32Array;
}

/** Filters a coefficient block along z, in place. */
export interface FilterColumnsJob {
  readonly kind: 'filter-columns';
  readonly block: CoefficientBlock;
  readonly reach: AxisReach;
  /** Rows of the block, `[from, to)`. */
  readonly rows: readonly [number, number];
  readonly prefilter: boolean;
}

/** Where the output positions along one axis fall in the source. */
export interface AxisTable {
  /** Output positions inside the source's image, `[from, to)`; -0.5 <= index < n - 0.5. */
  readonly from: number;
  readonly to: number;
  /** First of four consecutive source voxels, or the nearest voxel, for every output position. */
  readonly base: Int32Array;
  /** Four weights for every output position; empty for nearest neighbour. */
  readonly weights: Float64Array;
}

export type AxisTables = readonly [AxisTable, AxisTable, AxisTable];

/** The range of an integer pixel type: values are clamped to it, then truncated. */
export interface IntegerLimits {
  readonly lowest: number;
  readonly highest: number;
}

/** How output voxels find their coefficients: by a table per axis, or one by one along oblique lines. */
export type Sampling =
  | { readonly kind: 'separable'; readonly tables: AxisTables }
  | {
      readonly kind: 'oblique';
      readonly map: GridMap;
      /** First output voxel of the box, in the whole output grid. */
      readonly start: Vec3;
      readonly linear: boolean;
      readonly sourceSize: Vec3;
    };

/** Evaluates a box of output voxels from coefficients; voxels outside the source are left alone. */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly block: CoefficientBlock;
  readonly sampling: Sampling;
  readonly limits: IntegerLimits | null;
  /** Size of the box. */
  readonly size: Vec3;
  /** Rows of every slice of the box, `[from, to)`. */
  readonly rows: readonly [number, number];
  /** The voxels of the box. */
  readonly out: Float32Array;
}

/**
 * One piece of work for one thread. It can be cloned to a worker; when it is, its arrays must lie on
 * shared memory, because results are written into them.
 */
export type KernelJob = FilterSlicesJob | FilterColumnsJob | EvaluateJob;

/** Runs jobs, in any order or at once, and resolves when all are done. */
export type KernelRunner = (jobs: readonly KernelJob[]) => Promise<void>;
