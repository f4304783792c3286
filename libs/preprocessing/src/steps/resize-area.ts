import { Type } from 'typebox';
import type { Static } from 'typebox';
import { createVolume, voxelCount, voxelToWorld } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';
import { arrayImage } from '../images/array-image.ts';
import { createView, viewGrid } from '../images/image-view.ts';
import { averageView } from '../images/average-view.ts';
import { perAxis } from '../region.ts';
import { stepSchema, voxelVector } from './schema-parts.ts';
import { mapViews, requireCommonGrid, type Step } from './step.ts';

export const RESIZE_AREA_SCHEMA = stepSchema(
  'resize-area',
  'Brings all images to a size by adaptive average pooling: output voxel i averages input voxels floor(i n / size) to ceil((i + 1) n / size).',
  {
    size: voxelVector('Size in voxels along x, y, z.'),
    grids: Type.Union([Type.Literal('common'), Type.Literal('own')], {
      description:
        '"common" needs all images on one grid. "own" divides each image\'s own grid and then takes all of them for one grid, that of the first image, as the training scripts of tasks 2 and 3 do: voxels with the same index need not lie at the same place.',
      default: 'common',
    }),
  },
);

export type ResizeAreaConfig = Static<typeof RESIZE_AREA_SCHEMA>;

/** Resizes all images. Their extent in the world stays the same, but for grids "own". */
export const resizeAreaStep: Step<ResizeAreaConfig> = {
  schema: RESIZE_AREA_SCHEMA,
  async apply(views, { step, size, grids }, engine) {
    const [first] = views.values();
    const before = grids === 'own' ? viewGrid(first!) : requireCommonGrid(views, step);
    const after = resizedGrid(before, size as Vec3);
    const resized = await mapViews(views, async (view) => {
      const out = engine.float32(voxelCount(after));
      await averageView(view, out, after.size, engine);
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
