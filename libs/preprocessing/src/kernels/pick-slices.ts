import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { PickProducer } from './kernel-job.ts';

/** Copies the source's values at one voxel per output voxel, found through a table per axis. */
export function pickSlices(producer: PickProducer, size: Vec3): SliceProducer {
  const { source, tables, status } = producer;
  const [tx, ty, tz] = tables;
  const { data, strides, lo } = source;
  const [width, height] = size;
  const outside = Math.fround(producer.outside);
  const contiguous = strides[0] === 1 && isRun(tx.base, tx.from, tx.to);
  return (z, slice) => {
    if (z < tz.from || z >= tz.to || tx.from >= tx.to) {
      slice.fill(outside);
      return;
    }
    if (tx.from > 0 || tx.to < width || ty.from > 0 || ty.to < height) slice.fill(outside);
    const plane = (tz.base[z]! - lo[2]) * strides[2];
    for (let y = ty.from; y < ty.to; y++) {
      const line = plane + (ty.base[y]! - lo[1]) * strides[1];
      const row = y * width;
      if (contiguous) {
        const from = line + tx.base[tx.from]! - lo[0];
        slice.set(data.subarray(from, from + tx.to - tx.from), row + tx.from);
      } else {
        for (let x = tx.from; x < tx.to; x++) {
          slice[row + x] = data[line + (tx.base[x]! - lo[0]) * strides[0]]!;
        }
      }
    }
    if (!isFinite(sumOfDifferences(slice))) status[0] = 1;
  };
}

function isRun(base: Int32Array, from: number, to: number): boolean {
  for (let x = from + 1; x < to; x++) if (base[x]! !== base[x - 1]! + 1) return false;
  return true;
}

/** 0, or NaN when a value is not finite. */
export function sumOfDifferences(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[i]!;
  return sum;
}
