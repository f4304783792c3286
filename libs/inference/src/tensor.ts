/** A dense float32 tensor in row-major order: the last axis is the fastest. */
export interface Tensor {
  /** Elements; `data.length` is the product of `dims`. */
  readonly data: Float32Array;
  /** Length of each axis, outermost first, e.g. `[1, channels, a, b, c]`. */
  readonly dims: readonly number[];
}

/**
 * A network: takes windows `[n, channels, a, b, c]`, gives logits `[n, classes, a, b, c]`.
 *
 * Both tensors may sit in reused buffers: the predictor must not keep its input, and its result
 * is valid until its next call.
 */
export type Predictor = (windows: Tensor) => Promise<Tensor>;

/** Three numbers along the tensor's spatial axes, outermost first. */
export type Triple = readonly [number, number, number];
