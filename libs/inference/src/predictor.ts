import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';

/**
 * A network: takes windows `[n, channels, a, b, c]`, gives logits `[n, classes, a, b, c]`.
 *
 * Both tensors may sit in reused buffers: the predictor must not keep its input, and its result
 * is valid until its next call.
 */
export type Predictor = (windows: Tensor) => Promise<Tensor>;

/** Three numbers along the tensor's spatial axes, outermost first. */
export type Triple = readonly [number, number, number];

/**
 * Throws unless `tensor` has the given number of axes and as many elements as its dims say.
 *
 * @throws HecktorError INVALID_ARGUMENT
 */
export function assertTensor(tensor: Tensor, rank: number, name: string): void {
  const { data, dims } = tensor;
  const fail = (detail: string): never => {
    throw new HecktorError('INVALID_ARGUMENT', { detail: `${name}: ${detail}` });
  };
  if (dims.length !== rank) fail(`expected ${rank} axes, got dims [${dims.join(', ')}]`);
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    fail(`expected dims that are whole numbers >= 1, got [${dims.join(', ')}]`);
  }
  const count = dims.reduce((product, n) => product * n, 1);
  if (data.length !== count) {
    fail(`dims [${dims.join(', ')}] need ${count} elements, got ${data.length}`);
  }
}
