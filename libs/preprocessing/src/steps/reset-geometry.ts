import { Type } from 'typebox';
import type { Static } from 'typebox';
import { createGrid, isSameGrid } from '@hecktor/volume';
import type { Grid } from '@hecktor/volume';
import type { Evaluator } from '../images/evaluator.ts';
import { viewGrid, type ImageView } from '../images/image-view.ts';
import { perAxis } from '../region.ts';
import { imageName, stepSchema } from './schema-parts.ts';
import { requireView, type Step } from './step.ts';

export const RESET_GEOMETRY_SCHEMA = stepSchema(
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

export type ResetGeometryConfig = Static<typeof RESET_GEOMETRY_SCHEMA>;

/** Gives images the grid of an array without geometry. No value changes. */
export const resetGeometryStep: Step<ResetGeometryConfig> = {
  schema: RESET_GEOMETRY_SCHEMA,
  async apply(views, { step, images }) {
    const names = images ?? [...views.keys()];
    const changed = new Map(views);
    const before: Record<string, Grid> = {};
    for (const name of names) {
      const view = requireView(views, name, step);
      before[name] = viewGrid(view);
      changed.set(name, withoutGeometry(view));
    }
    return { views: changed, record: { kind: 'reset-geometry', step, before } };
  },
};

/** The same voxels with the first one of the view at the origin of a unit grid. */
function withoutGeometry(view: ImageView): ImageView {
  const { evaluator, window } = view;
  const grid = createGrid(evaluator.grid.size, { origin: perAxis((a) => 0 - window.start[a]) });
  if (isSameGrid(grid, evaluator.grid)) return view;
  const { volume } = evaluator;
  const moved: Evaluator = {
    ...evaluator,
    grid,
    ...(volume === undefined ? {} : { volume: { ...grid, data: volume.data } }),
  };
  return { ...view, evaluator: moved };
}
