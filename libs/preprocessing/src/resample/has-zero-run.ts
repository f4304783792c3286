import type { AxisReach, StridedSource } from '../kernels/kernel-job.ts';

/** True when a line along x has `length` zeros in a row (or is shorter and all zeros). */
export function hasZeroRun(
  source: StridedSource,
  reach: readonly [AxisReach, AxisReach, AxisReach],
  length: number,
): boolean {
  const { data, strides, lo } = source;
  const [rx, ry, rz] = reach;
  const count = rx.to - rx.from;
  const needed = Math.min(length, count);
  for (let z = rz.from; z < rz.to; z++) {
    for (let y = ry.from; y < ry.to; y++) {
      const line =
        (rx.from - lo[0]) * strides[0] + (y - lo[1]) * strides[1] + (z - lo[2]) * strides[2];
      // A run of `needed` zeros covers every multiple of `needed`: look there first.
      for (let x = needed - 1; x < count; x += needed) {
        if (data[line + x * strides[0]] !== 0) continue;
        let first = x;
        while (first > 0 && data[line + (first - 1) * strides[0]] === 0) first--;
        let last = x;
        while (last < count - 1 && data[line + (last + 1) * strides[0]] === 0) last++;
        if (last - first + 1 >= needed) return true;
      }
    }
  }
  return false;
}
