import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@hecktor/testing';
import { createGrid, createVolume, voxelCount } from '@hecktor/volume';
import { createEngine } from '../engine.ts';
import { createView, materialise, viewGrid } from '../images/image-view.ts';
import { wholeRegion } from '../region.ts';
import { resampledImage } from './resampled-image.ts';
import type { Interpolation } from './axis-table.ts';

describe('moments of a resampled image without evaluating it', () => {
  const table: [string, Interpolation, number, number][] = [
    ['spline', 'bspline', 0, 0],
    ['spline with an outside', 'bspline', -4, 17],
    ['spline on a large offset', 'bspline', 0, 1e6],
    ['linear', 'linear', -4, -3],
  ];
  it.each(table)('are those of its values: %s', async (_, interpolation, start, offset) => {
    const random = createRandom(5);
    const grid = createGrid([9, 8, 7], {
      spacing: [2.1, 1.9, 3.3],
      direction: Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1),
      origin: [17, 0, 0],
    });
    const data = Float32Array.from({ length: voxelCount(grid) }, () => offset + random.normal());
    const image = resampledImage({
      name: 'pet',
      source: createVolume(grid, data),
      target: createGrid([18, 14, 21], { origin: [start, start, start] }),
      interpolation,
      outside: 5,
      limits: null,
    });
    const view = createView('pet', image);
    const values = await materialise(view, createEngine());
    const moments = (await image.moments!(wholeRegion(viewGrid(view)), createEngine()))!;
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    expect(moments.count).toBe(values.length);
    expect(Math.abs(moments.mean - mean)).toBeLessThan(1e-7 * (Math.abs(offset) + 1));
    const tolerance = offset === 1e6 ? 0.05 : 1e-5;
    expect(Math.abs(moments.squares / squares - 1)).toBeLessThan(tolerance);
  });

  it('are left to be counted for integers, oblique directions and nearest neighbours', async () => {
    const source = createVolume(createGrid([4, 4, 4]), new Float32Array(64));
    const target = createGrid([4, 4, 4]);
    const turned = { ...target, direction: Float64Array.of(0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 1) };
    const base = { name: 'pet', source, target, outside: 0, limits: null } as const;
    const images = [
      resampledImage({ ...base, interpolation: 'bspline', limits: { lowest: 0, highest: 255 } }),
      resampledImage({ ...base, interpolation: 'bspline', target: turned }),
      resampledImage({ ...base, interpolation: 'nearest' }),
    ];
    for (const image of images) {
      expect(await image.moments!(wholeRegion(target), createEngine())).toBeUndefined();
    }
  });
});
