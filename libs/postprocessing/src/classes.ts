import { HecktorError } from '@hecktor/errors';
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

/** In float32 the sigmoid is above 0.5 from the next number above this one: 1.5 * 2^-24. */
const SIGMOID_HALF = 1.5 * 2 ** -24;

/**
 * The label of each voxel by regions that may overlap, as nnU-Net paints them: where the sigmoid of
 * an output is above 0.5 its label is set, a later output's over an earlier one's; 0 elsewhere.
 *
 * @param logits `[1, regions, a, b, c]`.
 * @param labels - Of each region, from 1 to 255.
 * @throws HecktorError INVALID_ARGUMENT for unfit dims; MODEL_OUTPUT_INVALID for a NaN.
 */
export function paintRegions(logits: Tensor, labels: readonly number[]): Uint8Array {
  const { classes, voxels } = classPlanes(logits);
  if (classes !== labels.length) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected a label for each of ${classes} regions, got ${labels.length}`,
    });
  }
  const { data } = logits;
  const painted = new Uint8Array(voxels);
  let notANumber = false;
  labels.forEach((label, region) => {
    const plane = data.subarray(region * voxels, (region + 1) * voxels);
    for (let i = 0; i < voxels; i++) {
      const value = plane[i]!;
      if (value > SIGMOID_HALF) painted[i] = label;
      else if (value !== value) notANumber = true;
    }
  });
  if (notANumber) throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: 'a logit is NaN' });
  return painted;
}

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

/** How a class tensor splits into one plane of voxels per class. */
interface ClassPlanes {
  readonly classes: number;
  /** Voxels of one plane. */
  readonly voxels: number;
}

/**
 * Classes and voxels of `[1, classes, ...spatial]`.
 *
 * @throws HecktorError INVALID_ARGUMENT for more than one image, or dims that do not fit the data.
 */
function classPlanes(tensor: Tensor): ClassPlanes {
  const { data, dims } = tensor;
  const [images, classes = 0, ...spatial] = dims;
  const voxels = spatial.reduce((product, n) => product * n, 1);
  if (images !== 1 || !(classes >= 1) || spatial.length === 0 || data.length !== classes * voxels) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail:
        `expected dims [1, classes, ...] that hold all ${data.length} elements, ` +
        `got [${dims.join(', ')}]`,
    });
  }
  return { classes, voxels };
}
