import type { NumericVoxelArray, Vec3 } from '@hecktor/volume';
import type { PointOperation } from './point-operation.ts';
import type { Sink } from './sink.ts';

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
}

/** The voxels along one axis that are filtered: `[from, to)` of an axis of `length` voxels. */
export interface AxisReach {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Filters slices along x and y into a coefficient block. */
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

/** How a floating-point value becomes a value of an integer pixel type. */
export interface IntegerLimits {
  readonly lowest: number;
  readonly highest: number;
}

/** Evaluates a separable spline: output axes run along source axes. */
export interface SeparableProducer {
  readonly kind: 'separable';
  readonly block: CoefficientBlock;
  readonly tables: readonly [AxisTable, AxisTable, AxisTable];
  readonly outside: number;
  readonly limits: IntegerLimits | null;
}

/** Evaluates a spline at voxels of its source, to the last bit, for an integer pixel type. */
export interface LatticeProducer {
  readonly kind: 'lattice';
  readonly block: CoefficientBlock;
  readonly tables: readonly [AxisTable, AxisTable, AxisTable];
  readonly outside: number;
  readonly limits: IntegerLimits;
}

/** Continuous source indices of output voxels, the way ITK walks a scan line. */
export interface ObliqueMap {
  /** Source index of output voxel (0, y, z): `start + y * stepY + z * stepZ`, through world space. */
  readonly outputOrigin: Vec3;
  /** Row-major output index-to-world matrix. */
  readonly toWorld: Float64Array;
  readonly inputOrigin: Vec3;
  /** Row-major world-to-source-index matrix. */
  readonly toIndex: Float64Array;
  /** Number of voxels of the whole output along x, the length of a scan line. */
  readonly lineLength: number;
}

/** Evaluates a spline, or the nearest voxel, at positions along oblique lines. */
export interface ObliqueProducer {
  readonly kind: 'oblique';
  readonly map: ObliqueMap;
  /** First output voxel of the region, in the whole output. */
  readonly start: Vec3;
  readonly interpolation: 'bspline' | 'linear';
  readonly block: CoefficientBlock;
  readonly sourceSize: Vec3;
  readonly outside: number;
  readonly limits: IntegerLimits | null;
}

/** Copies values, or picks the nearest ones, through an index table per axis. */
export interface PickProducer {
  readonly kind: 'pick';
  readonly source: StridedSource;
  readonly tables: readonly [AxisTable, AxisTable, AxisTable];
  readonly outside: number;
  readonly status: Int32Array;
}

/** Picks the nearest voxels along oblique lines. */
export interface ObliquePickProducer {
  readonly kind: 'oblique-pick';
  readonly map: ObliqueMap;
  readonly start: Vec3;
  readonly source: StridedSource;
  readonly outside: number;
  readonly status: Int32Array;
}

export type Producer =
  SeparableProducer | LatticeProducer | ObliqueProducer | PickProducer | ObliquePickProducer;

/** Produces slices of a region and hands each to the sinks. */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly producer: Producer;
  /** Size of the region. */
  readonly size: Vec3;
  /** Slices of the region, `[from, to)`. */
  readonly slices: readonly [number, number];
  readonly operations: readonly PointOperation[];
  readonly sinks: readonly Sink[];
}

/** The input voxels, `[first, end)`, that one output voxel averages along an axis. */
export interface Bin {
  readonly first: number;
  readonly end: number;
}

/** Averages voxels into output slices. */
export interface AverageJob {
  readonly kind: 'average';
  readonly data: Float32Array;
  /** Width and height of the input. */
  readonly plane: readonly [number, number];
  /** Bins along x, y and z, one per output voxel. */
  readonly bins: readonly [readonly Bin[], readonly Bin[], readonly Bin[]];
  /** Slices of the output, `[from, to)`. */
  readonly slices: readonly [number, number];
  /** All slices of `bins`. */
  readonly out: Float32Array;
}

/**
 * One piece of work for one thread. It can be cloned to a worker; when it is, its arrays must lie on
 * shared memory, because results are written into them.
 */
export type KernelJob = FilterSlicesJob | FilterColumnsJob | EvaluateJob | AverageJob;

/** Runs jobs, in any order or at once, and resolves when all are done. */
export type KernelRunner = (jobs: readonly KernelJob[]) => Promise<void>;
