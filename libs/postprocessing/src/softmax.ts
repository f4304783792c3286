import { classPlanes } from './class-planes.ts';
import type { Tensor } from '@hecktor/volume';

/**
 * Turns logits `[1, classes, a, b, c]` into probabilities over the classes, in the same buffer.
 * The highest logit is subtracted first, so large logits do not overflow.
 *
 * @throws HecktorError INVALID_ARGUMENT for unfit dims.
 */
export function softmaxInPlace(tensor: Tensor): void {
  const { classes, voxels } = classPlanes(tensor);
  const { data } = tensor;
  const end = classes * voxels;
  for (let i = 0; i < voxels; i++) {
    let highest = -Infinity;
    for (let at = i; at < end; at += voxels) if (data[at]! > highest) highest = data[at]!;
    let sum = 0;
    for (let at = i; at < end; at += voxels) {
      const value = Math.exp(data[at]! - highest);
      data[at] = value;
      sum += value;
    }
    for (let at = i; at < end; at += voxels) data[at]! /= sum;
  }
}
