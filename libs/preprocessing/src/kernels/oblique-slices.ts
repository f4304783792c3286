import type { Vec3 } from '@hecktor/volume';
import type { SliceProducer } from './evaluate-slices.ts';
import type { ObliqueProducer } from './kernel-job.ts';
import { scanLine } from './oblique-line.ts';
import { linearSupport, linearWeights, splineSupport, splineWeights } from './spline-weights.ts';

/** Evaluates a spline voxel by voxel, 64 coefficients each: the directions do not agree. */
export function obliqueSlices(producer: ObliqueProducer, size: Vec3): SliceProducer {
  const { map, start: first, block, sourceSize, limits } = producer;
  const outside = Math.fround(producer.outside);
  const linear = producer.interpolation === 'linear';
  const { data, lo } = block;
  const rowStep = block.size[0];
  const sliceStep = rowStep * block.size[1];
  const weights = new Float64Array(12);
  const lowest = limits?.lowest ?? -Infinity;
  const highest = limits?.highest ?? Infinity;

  const evaluate = (ix: number, iy: number, iz: number): number => {
    const bx = linear ? linearSupport(ix, sourceSize[0]) : splineSupport(ix);
    const by = linear ? linearSupport(iy, sourceSize[1]) : splineSupport(iy);
    const bz = linear ? linearSupport(iz, sourceSize[2]) : splineSupport(iz);
    if (linear) {
      linearWeights(ix, sourceSize[0], bx, weights, 0);
      linearWeights(iy, sourceSize[1], by, weights, 4);
      linearWeights(iz, sourceSize[2], bz, weights, 8);
    } else {
      splineWeights(ix, bx, weights, 0);
      splineWeights(iy, by, weights, 4);
      splineWeights(iz, bz, weights, 8);
    }
    const w0 = weights[0]!;
    const w1 = weights[1]!;
    const w2 = weights[2]!;
    const w3 = weights[3]!;
    let slice = bx - lo[0] + (by - lo[1]) * rowStep + (bz - lo[2]) * sliceStep;
    let sum = 0;
    for (let c = 0; c < 4; c++, slice += sliceStep) {
      let row = slice;
      let inSlice = 0;
      for (let b = 0; b < 4; b++, row += rowStep) {
        inSlice +=
          weights[4 + b]! *
          (w0 * data[row]! + w1 * data[row + 1]! + w2 * data[row + 2]! + w3 * data[row + 3]!);
      }
      sum += weights[8 + c]! * inSlice;
    }
    return sum;
  };

  return (z, slice) => {
    let at = 0;
    for (let y = 0; y < size[1]; y++) {
      const { start, way } = scanLine(map, first[1] + y, first[2] + z);
      for (let x = 0; x < size[0]; x++, at++) {
        const alpha = (first[0] + x) / map.lineLength;
        const ix = start[0] + alpha * way[0];
        const iy = start[1] + alpha * way[1];
        const iz = start[2] + alpha * way[2];
        const inside =
          ix >= -0.5 &&
          ix < sourceSize[0] - 0.5 &&
          iy >= -0.5 &&
          iy < sourceSize[1] - 0.5 &&
          iz >= -0.5 &&
          iz < sourceSize[2] - 0.5;
        if (!inside) {
          slice[at] = outside;
          continue;
        }
        const v = evaluate(ix, iy, iz);
        if (limits === null) slice[at] = v;
        else slice[at] = v <= lowest ? lowest : v >= highest ? highest : Math.trunc(v);
      }
    }
  };
}
