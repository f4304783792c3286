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
