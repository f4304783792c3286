import type { Tensor } from '@hecktor/volume';
import { halfRounding, type Arithmetic, type Rounding } from './half.ts';
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
 *
 * @param round - Rounds each row of the sum further.
 */
export function addWindow(
  sum: Tensor,
  layout: WindowLayout,
  position: Triple,
  prediction: Float32Array,
  offset: number,
  weights: Float32Array,
  round?: Rounding,
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
        round?.(target + c.from, target + c.to);
      }
    }
  }
}

/** The numbers of the starts whose windows cover index `i`. */
function covering(starts: readonly number[], i: number, roi: number): number[] {
  return [...starts.keys()].filter((n) => i >= starts[n]! && i < starts[n]! + roi);
}

/**
 * Divides the weighted sum of windows by the sum of their weights. The weights are summed one
 * image row at a time, in the order of the windows, so no map of the image's size is held.
 *
 * @param ran - 1 for each window that is in the sum. What none covers keeps its 0.
 */
export function divideByWeightsInPlace(
  sum: Tensor,
  layout: WindowLayout,
  weights: Float32Array,
  arithmetic: Arithmetic,
  ran: Uint8Array,
): void {
  const [ra, rb, rc] = layout.roi;
  const [sa, sb, sc] = layout.size;
  const [startsA, startsB, startsC] = layout.starts as [number[], number[], number[]];
  const classes = sum.dims[1]!;
  const total = new Float32Array(sc);
  const isHalf = arithmetic === 'float16';
  const roundTotal = isHalf ? halfRounding(total) : undefined;
  const roundSum = isHalf ? halfRounding(sum.data) : undefined;
  for (let i = 0; i < sa; i++) {
    const overA = covering(startsA, i, ra);
    for (let j = 0; j < sb; j++) {
      total.fill(0);
      for (const a of overA) {
        for (const b of covering(startsB, j, rb)) {
          const row = ((i - startsA[a]!) * rb + (j - startsB[b]!)) * rc;
          const first = (a * startsB.length + b) * startsC.length;
          for (const [c, start] of startsC.entries()) {
            if (ran[first + c] === 0) continue;
            const { from, to } = insideOf(start, rc, sc);
            for (let x = from; x < to; x++) total[start + x]! += weights[row + x]!;
            roundTotal?.(start + from, start + to);
          }
        }
      }
      for (let k = 0; k < classes; k++) {
        const at = ((k * sa + i) * sb + j) * sc;
        for (let x = 0; x < sc; x++) if (total[x]! > 0) sum.data[at + x]! /= total[x]!;
        roundSum?.(at, at + sc);
      }
    }
  }
}
