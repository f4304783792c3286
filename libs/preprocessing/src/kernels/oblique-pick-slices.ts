import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { ObliquePickProducer } from './kernel-job.ts';
import { scanLine } from './oblique-line.ts';
import { sumOfDifferences } from './pick-slices.ts';
import { roundHalfUp } from './round-half-up.ts';

/** Picks the nearest voxel, voxel by voxel: the directions do not agree. */
export function obliquePickSlices(producer: ObliquePickProducer, size: Vec3): SliceProducer {
  const { map, start: first, source, status } = producer;
  const { data, strides, lo, size: n } = source;
  const outside = Math.fround(producer.outside);
  return (z, slice) => {
    let at = 0;
    for (let y = 0; y < size[1]; y++) {
      const { start, way } = scanLine(map, first[1] + y, first[2] + z);
      for (let x = 0; x < size[0]; x++, at++) {
        const alpha = (first[0] + x) / map.lineLength;
        const i = nearest(start[0] + alpha * way[0], n[0]);
        const j = nearest(start[1] + alpha * way[1], n[1]);
        const k = nearest(start[2] + alpha * way[2], n[2]);
        slice[at] =
          i < 0 || j < 0 || k < 0
            ? outside
            : data[(i - lo[0]) * strides[0] + (j - lo[1]) * strides[1] + (k - lo[2]) * strides[2]]!;
      }
    }
    if (!isFinite(sumOfDifferences(slice))) status[0] = 1;
  };
}

/** The nearest voxel along one axis, or -1 outside the image. */
export function nearest(index: number, length: number): number {
  return index >= -0.5 && index < length - 0.5 ? Math.min(roundHalfUp(index), length - 1) : -1;
}
