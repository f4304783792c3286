import type { Static } from 'typebox';
import { createVolume, voxelCount, voxelToWorld } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';
import { arrayImage } from '../images/array-image.ts';
import { createView, materialise } from '../images/image-view.ts';
import { perAxis } from '../region.ts';
import { stepSchema, voxelVector } from './schema-parts.ts';
import { mapViews, requireCommonGrid, type Step } from './step.ts';

export const RESIZE_AREA_SCHEMA = stepSchema(
  'resize-area',
  'Brings all images to a size by adaptive average pooling: output voxel i averages input voxels floor(i n / size) to ceil((i + 1) n / size).',
  { size: voxelVector('Size in voxels along x, y, z.') },
);

export type ResizeAreaConfig = Static<typeof RESIZE_AREA_SCHEMA>;

/** Resizes all images. Their extent in the world stays the same. */
export const resizeAreaStep: Step<ResizeAreaConfig> = {
  schema: RESIZE_AREA_SCHEMA,
  async apply(views, { step, size }, engine) {
    const before = requireCommonGrid(views, step);
    const after = resizedGrid(before, size as Vec3);
    const resized = await mapViews(views, async (view) => {
      const out = engine.float32(voxelCount(after));
      averageInto(await materialise(view, engine), before.size, out, after.size);
      return createView(view.name, arrayImage(createVolume(after, out), view.name));
    });
    return { views: resized, record: { kind: 'resize', step, before, after } };
  },
};

/** The grid of `size` voxels with the same outer voxel edges. */
export function resizedGrid(grid: Grid, size: Vec3): Grid {
  const ratio = perAxis((a) => grid.size[a] / size[a]);
  return {
    size,
    spacing: perAxis((a) => grid.spacing[a] * ratio[a]),
    origin: voxelToWorld(
      grid,
      perAxis((a) => ratio[a] / 2 - 0.5),
    ),
    direction: grid.direction,
  };
}

/** Sums in float32, x fastest, and divides by the counts along z, y and x, as PyTorch does. */
function averageInto(data: Float32Array, from: Vec3, out: Float32Array, to: Vec3): void {
  const [xs, ys, zs] = [0, 1, 2].map((a) => bins(from[a]!, to[a]!)) as [Bin[], Bin[], Bin[]];
  let at = 0;
  for (const z of zs) {
    for (const y of ys) {
      for (const x of xs) {
        let sum = 0;
        for (let k = z.first; k < z.end; k++) {
          for (let j = y.first; j < y.end; j++) {
            const row = from[0] * (j + from[1] * k);
            for (let i = row + x.first; i < row + x.end; i++) sum = Math.fround(sum + data[i]!);
          }
        }
        const perPlane = Math.fround(sum / (z.end - z.first));
        out[at++] = Math.fround(perPlane / (y.end - y.first)) / (x.end - x.first);
      }
    }
  }
}

interface Bin {
  readonly first: number;
  readonly end: number;
}

function bins(from: number, to: number): Bin[] {
  return Array.from({ length: to }, (_, i) => ({
    first: Math.floor((i * from) / to),
    end: Math.ceil(((i + 1) * from) / to),
  }));
}
