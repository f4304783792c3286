import { HecktorError } from '@hecktor/errors';
import { classPlanes } from './class-planes.ts';
import type { Tensor } from '@hecktor/volume';

/**
 * The class with the highest value at each voxel, the first of equals as in `torch.argmax`.
 *
 * @param logits `[1, classes, a, b, c]`, at most 256 classes.
 * @returns One class index per voxel, in the order of the tensor's spatial axes.
 * @throws HecktorError INVALID_ARGUMENT for unfit dims; MODEL_OUTPUT_INVALID for a NaN.
 */
export function argmax(logits: Tensor): Uint8Array {
  const { classes, voxels } = classPlanes(logits);
  if (classes > 256) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected at most 256 classes, got ${classes}`,
    });
  }
  const { data } = logits;
  const labels = new Uint8Array(voxels);
  for (let i = 0; i < voxels; i++) {
    let best = 0;
    let highest = data[i]!;
    let notANumber = highest !== highest;
    for (let k = 1, at = i + voxels; k < classes; k++, at += voxels) {
      const value = data[at]!;
      if (value > highest) {
        highest = value;
        best = k;
      } else if (value !== value) notANumber = true;
    }
    if (notANumber) throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: 'a logit is NaN' });
    labels[i] = best;
  }
  return labels;
}
