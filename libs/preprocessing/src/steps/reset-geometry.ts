import { Type } from 'typebox';
import { createGrid, perAxis } from '@hecktor/volume';
import type { Grid } from '@hecktor/volume';
import { gridOf, type LazyImage } from '../lazy-image.ts';
import { imageName, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'reset-geometry',
  'Takes images for bare arrays, as the 2025 template does for tasks 2 and 3: spacing 1 mm, origin 0, identity direction. Resampling to 1 mm then only cuts them, voxel by voxel, to their common size.',
  {
    images: Type.Optional(
      Type.Array(imageName('An image that loses its geometry.'), {
        minItems: 1,
        uniqueItems: true,
        description: 'The images whose geometry is reset; all when left out.',
      }),
    ),
  },
);

/** Gives images the grid of an array without geometry. No value changes. */
export const resetGeometryStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, images: named }) {
    const changed = new Map(images);
    const before: Record<string, Grid> = {};
    for (const name of named ?? images.keys()) {
      const image = requireImage(images, name, step);
      before[name] = gridOf(image);
      changed.set(name, withoutGeometry(image));
    }
    return { images: changed, record: { kind: 'reset-geometry', step, before } };
  },
};

/** The same voxels with the first one of the image at the origin of a unit grid. */
function withoutGeometry(image: LazyImage): LazyImage {
  const { source, region } = image;
  const grid = createGrid(source.grid.size, { origin: perAxis((a) => 0 - region.start[a]) });
  const volume = source.volume && { ...grid, data: source.volume.data };
  return { ...image, source: { ...source, grid, ...(volume && { volume }) } };
}
