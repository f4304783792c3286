import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { LatticeProducer } from './kernel-job.ts';
import { TAPS } from './xy-ring.ts';

/**
 * Evaluates a spline at the voxels of its own source, with ITK's sum of 64 products in ITK's order.
 *
 * There the spline meets the source's integers but for rounding, and truncation toward zero turns a
 * last bit that is missing into a whole unit: only the same rounding gives the same image.
 */
export function latticeSlices(producer: LatticeProducer, size: Vec3): SliceProducer {
  const { block, tables, outside, limits } = producer;
  const [tx, ty, tz] = tables;
  const [width] = size;
  const { data, lo } = block;
  const { lowest, highest } = limits;
  const sums = new Float64Array(width);
  return (z, slice) => {
    slice.fill(outside);
    if (z < tz.from || z >= tz.to) return;
    for (let y = ty.from; y < ty.to; y++) {
      sums.fill(0);
      for (let c = 0; c < TAPS; c++) {
        const wz = tz.weights[TAPS * z + c]!;
        for (let b = 0; b < TAPS; b++) {
          const wy = ty.weights[TAPS * y + b]!;
          if (wy === 0 || wz === 0) continue;
          const plane = tz.base[z]! + c - lo[2];
          const row = block.size[0] * (ty.base[y]! + b - lo[1] + block.size[1] * plane) - lo[0];
          addRow({ data, row, wy, wz }, tx, sums);
        }
      }
      const at = y * width;
      for (let x = tx.from; x < tx.to; x++) {
        const v = sums[x]!;
        // Adding 0 makes a truncated -0 the 0 that an integer is.
        slice[at + x] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v) + 0;
      }
    }
  };
}

interface WeightedRow {
  readonly data: Float64Array;
  readonly row: number;
  readonly wy: number;
  readonly wz: number;
}

function addRow(
  { data, row, wy, wz }: WeightedRow,
  { from, to, base, weights }: LatticeProducer['tables'][0],
  sums: Float64Array,
): void {
  for (let x = from; x < to; x++) {
    const k = row + base[x]!;
    const w = TAPS * x;
    let sum = sums[x]!;
    sum += weights[w]! * wy * wz * data[k]!;
    sum += weights[w + 1]! * wy * wz * data[k + 1]!;
    sum += weights[w + 2]! * wy * wz * data[k + 2]!;
    sum += weights[w + 3]! * wy * wz * data[k + 3]!;
    sums[x] = sum;
  }
}
