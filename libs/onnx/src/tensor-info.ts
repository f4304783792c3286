/** Name, type and shape of a model's input or output. */
export interface TensorInfo {
  readonly name: string;
  /** Element type as ONNX Runtime calls it, e.g. `float32`, `float16`, `int64`. */
  readonly type: string;
  /** Length of each axis; a text is the name of an axis whose length the caller chooses. */
  readonly dims: readonly (number | string)[];
}

/** What the recipe says about an input or output. */
export interface ExpectedTensor {
  readonly name: string;
  /** Expected axes, `null` for one of any length; absent: not checked. */
  readonly dims?: readonly (number | null)[];
}

/** For messages, e.g. `float32 [1, 2, batch, ?]`. */
export function describeDims(dims: readonly (number | string | null)[]): string {
  return `[${dims.map((n) => (n === null || n === '' ? '?' : n)).join(', ')}]`;
}

/** True when an axis of any length on either side, or equal lengths, meet on every axis. */
export function dimsFit(
  expected: readonly (number | string | null)[],
  actual: readonly (number | string)[],
): boolean {
  return (
    expected.length === actual.length &&
    expected.every(
      (n, axis) => typeof n !== 'number' || typeof actual[axis] !== 'number' || n === actual[axis],
    )
  );
}
