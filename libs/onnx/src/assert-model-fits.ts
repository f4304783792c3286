import { HecktorError } from '@hecktor/errors';
import { describeDims, dimsFit, type ExpectedTensor, type TensorInfo } from './tensor-info.ts';

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
