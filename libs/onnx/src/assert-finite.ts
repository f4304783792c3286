import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';

/**
 * Throws when a model's output holds a NaN or an infinity.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID with how many there are, never their neighbours' values.
 */
export function assertFinite(tensor: Tensor, file: string, name: string): void {
  const { data } = tensor;
  // v - v is 0 for finite values and NaN for all others: one pass without a branch.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += data[i]! - data[i]!;
  if (zero === 0) return;
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    file,
    detail: `${count} of ${data.length} values of output '${name}' are NaN or infinite`,
  });
}
