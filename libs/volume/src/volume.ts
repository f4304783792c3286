/** Three numbers along the axes x, y, z, in that order. */
export type Vec3 = readonly [number, number, number];

export function toVec3(values: ArrayLike<number>): Vec3 {
  return [values[0]!, values[1]!, values[2]!];
}

/**
 * A direction matrix, row-major 3x3: column j is the unit vector of voxel axis j in world (LPS)
 * coordinates, as in ITK.
 */
export type Direction = Float64Array;

/** Arrays that can hold voxels. 64-bit integers stay exact. */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Voxel arrays whose elements are JavaScript numbers: all that computing accepts. */
export type NumericVoxelArray = Exclude<VoxelArray, BigInt64Array | BigUint64Array>;

/** The name of a scalar type, as in ITK-Wasm's `FloatTypes` and `IntTypes`. */
export type ScalarType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/** Where voxels sit in the world. World coordinates are LPS in millimetres. */
export interface Grid {
  /** Number of voxels along x, y, z; each >= 1. */
  readonly size: Vec3;
  /** Distance of neighbouring voxel centres along each voxel axis, mm, > 0. */
  readonly spacing: Vec3;
  /** World position of the centre of voxel (0, 0, 0), mm, LPS. */
  readonly origin: Vec3;
  /** Row-major 3x3, orthonormal; column j is the direction of voxel axis j. */
  readonly direction: Direction;
}

/** A scalar 3-D image. Voxel (i, j, k) is `data[i + size[0] * (j + size[1] * k)]`. */
export interface Volume<T extends VoxelArray = VoxelArray> extends Grid {
  readonly data: T;
}

/** A dense float32 array in row-major order: the last axis is the fastest. */
export interface Tensor {
  /** Elements; `data.length` is the product of `dims`. */
  readonly data: Float32Array;
  /** Length of each axis, outermost first, e.g. `[1, channels, a, b, c]`. */
  readonly dims: readonly number[];
}
