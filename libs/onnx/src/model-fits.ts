import { HecktorError } from '@hecktor/errors';

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

/**
 * Throws unless a model's inputs or outputs are what the recipe says: each expected name exists,
 * holds float32 and has a fitting shape.
 *
 * @throws HecktorError MODEL_MISMATCH with what was expected and what the model has.
 */
export function assertModelFits(
  file: string,
  kind: 'input' | 'output',
  expected: readonly ExpectedTensor[],
  actual: readonly TensorInfo[],
): void {
  const fail = (detail: string, fix?: string): never => {
    throw new HecktorError('MODEL_MISMATCH', {
      file,
      detail,
      ...(fix === undefined ? {} : { fix }),
    });
  };
  const names = actual.map((tensor) => `'${tensor.name}'`).join(', ');
  for (const { name, dims } of expected) {
    const found = actual.find((tensor) => tensor.name === name);
    if (found === undefined) {
      fail(`expected an ${kind} named '${name}', got ${names}`);
    } else if (found.type !== 'float32') {
      fail(
        `expected ${kind} '${name}' to be float32, got ${found.type}`,
        `export the model with float32 inputs and outputs`,
      );
    } else if (dims !== undefined && !dimsFit(dims, found.dims)) {
      fail(
        `expected ${kind} '${name}' to have the shape ${describeDims(dims)}, ` +
          `got ${describeDims(found.dims)}`,
      );
    }
  }
  const unknown = actual.find((tensor) => !expected.some(({ name }) => name === tensor.name));
  if (kind === 'input' && unknown !== undefined && expected.length > 0) {
    fail(`the model also needs an input '${unknown.name}', which is not in the recipe`);
  }
}
