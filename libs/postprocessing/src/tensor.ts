/** Logits or probabilities `[1, classes, a, b, c]`, row-major, the last axis fastest. */
export interface ClassTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
