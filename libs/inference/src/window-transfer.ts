import type { Tensor } from '@hecktor/volume';
import type { Triple } from './predictor.ts';
import { insideOf, type WindowLayout } from './window-layout.ts';

/**
 * Copies one window of all channels from `input` into `buffer` at `offset`. Voxels outside the
 * image are left as they are.
 */
export function gatherWindow(
  input: Tensor,
  layout: WindowLayout,
  position: Triple,
  buffer: Float32Array,
  offset: number,
): void {
  const [ra, rb, rc] = layout.roi;
  const [sa, sb, sc] = layout.size;
  const a = insideOf(position[0], ra, sa);
  const b = insideOf(position[1], rb, sb);
  const c = insideOf(position[2], rc, sc);
  const channels = input.dims[1]!;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = a.from; i < a.to; i++) {
      for (let j = b.from; j < b.to; j++) {
        const source = ((channel * sa + position[0] + i) * sb + position[1] + j) * sc + position[2];
        const target = offset + ((channel * ra + i) * rb + j) * rc;
        buffer.set(input.data.subarray(source + c.from, source + c.to), target + c.from);
      }
    }
  }
}

/**
 * Adds one window's prediction, times `weights`, to `sum`, in float32 as MONAI does. Padded voxels
 * are dropped.
 */
export function addWindow(
  sum: Tensor,
  layout: WindowLayout,
  position: Triple,
  prediction: Float32Array,
  offset: number,
  weights: Float32Array,
): void {
  const [ra, rb, rc] = layout.roi;
  const [sa, sb, sc] = layout.size;
  const a = insideOf(position[0], ra, sa);
  const b = insideOf(position[1], rb, sb);
  const c = insideOf(position[2], rc, sc);
  const classes = sum.dims[1]!;
  const out = sum.data;
  for (let k = 0; k < classes; k++) {
    for (let i = a.from; i < a.to; i++) {
      for (let j = b.from; j < b.to; j++) {
        const row = (i * rb + j) * rc;
        const source = offset + k * ra * rb * rc + row;
        const target = ((k * sa + position[0] + i) * sb + position[1] + j) * sc + position[2];
        for (let x = c.from; x < c.to; x++) {
          out[target + x]! += Math.fround(prediction[source + x]! * weights[row + x]!);
        }
      }
    }
  }
}
