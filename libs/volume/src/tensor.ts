/** A dense float32 array in row-major order: the last axis is the fastest. */
export interface Tensor {
  /** Elements; `data.length` is the product of `dims`. */
  readonly data: Float32Array;
  /** Length of each axis, outermost first, e.g. `[1, channels, a, b, c]`. */
  readonly dims: readonly number[];
}
