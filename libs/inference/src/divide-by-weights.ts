import type { Tensor } from '@hecktor/volume';
import { insideOf, type WindowLayout } from './window-layout.ts';

/** The starts whose windows cover index `i`. */
function covering(starts: readonly number[], i: number, roi: number): number[] {
  return starts.filter((start) => i >= start && i < start + roi);
}

/**
 * Divides the weighted sum of all windows by the sum of their weights. The weights are summed one
 * image row at a time, in the order of the windows, so no map of the image's size is held.
 */
export function divideByWeightsInPlace(
  sum: Tensor,
  layout: WindowLayout,
  weights: Float32Array,
): void {
  const [ra, rb, rc] = layout.roi;
  const [sa, sb, sc] = layout.size;
  const [startsA, startsB, startsC] = layout.starts as [number[], number[], number[]];
  const classes = sum.dims[1]!;
  const total = new Float32Array(sc);
  for (let i = 0; i < sa; i++) {
    const overA = covering(startsA, i, ra);
    for (let j = 0; j < sb; j++) {
      total.fill(0);
      for (const a of overA) {
        for (const b of covering(startsB, j, rb)) {
          const row = ((i - a) * rb + (j - b)) * rc;
          for (const start of startsC) {
            const { from, to } = insideOf(start, rc, sc);
            for (let x = from; x < to; x++) total[start + x]! += weights[row + x]!;
          }
        }
      }
      for (let k = 0; k < classes; k++) {
        const at = ((k * sa + i) * sb + j) * sc;
        for (let x = 0; x < sc; x++) sum.data[at + x]! /= total[x]!;
      }
    }
  }
}
