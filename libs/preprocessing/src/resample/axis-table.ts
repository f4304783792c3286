import type { AxisTable } from '../kernels/kernel-job.ts';
import {
  linearSupport,
  linearWeights,
  roundHalfUp,
  splineSupport,
  splineWeights,
} from '../kernels/weights.ts';

export type Interpolation = 'bspline' | 'linear' | 'nearest';

/** Tabulates the voxels and weights of output positions along one axis of `length` voxels. */
export function axisTable(
  indices: Float64Array,
  length: number,
  interpolation: Interpolation,
): AxisTable {
  const count = indices.length;
  const base = new Int32Array(count);
  const weights = new Float64Array(interpolation === 'nearest' ? 0 : 4 * count);
  let from = count;
  let to = 0;
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (!(index >= -0.5 && index < length - 0.5)) continue;
    from = Math.min(from, i);
    to = i + 1;
    if (interpolation === 'nearest') {
      base[i] = Math.min(roundHalfUp(index), length - 1);
    } else if (interpolation === 'linear') {
      base[i] = linearSupport(index, length);
      linearWeights(index, length, base[i]!, weights, 4 * i);
    } else {
      base[i] = splineSupport(index);
      splineWeights(index, base[i]!, weights, 4 * i);
    }
  }
  return from < to ? { from, to, base, weights } : { from: 0, to: 0, base, weights };
}

/** The voxels that a table's inside positions touch, `[from, to)`, or undefined when none does. */
export function touchedVoxels(
  table: AxisTable,
  taps: number,
): { from: number; to: number } | undefined {
  if (table.from >= table.to) return undefined;
  const first = table.base[table.from]!;
  const last = table.base[table.to - 1]!;
  return { from: Math.min(first, last), to: Math.max(first, last) + taps };
}
