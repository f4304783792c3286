import { Type } from 'typebox';
import type { Static } from 'typebox';
import { createVolume } from '@hecktor/volume';
import { arrayImage } from '../images/array-image.ts';
import { createView, materialise } from '../images/image-view.ts';
import { orientationOf, reorientedGrid } from '../orient/orientation.ts';
import { permuteVoxels } from '../orient/permute-voxels.ts';
import { stepSchema } from './schema-parts.ts';
import { mapViews, requireCommonGrid, type Step } from './step.ts';

export const REORIENT_SCHEMA = stepSchema(
  'reorient',
  'Permutes and flips the axes of all images so that they run, as closely as whole axes can, in the named directions.',
  {
    axcodes: Type.String({
      description:
        'Where x, y and z shall point, one letter each: R or L, A or P, S or I. World coordinates are LPS.',
      pattern: '^([RL][AP][SI]|[RL][SI][AP]|[AP][RL][SI]|[AP][SI][RL]|[SI][RL][AP]|[SI][AP][RL])$',
    }),
  },
);

export type ReorientConfig = Static<typeof REORIENT_SCHEMA>;

/** Turns all images by whole axes. Positions in the world stay the same. */
export const reorientStep: Step<ReorientConfig> = {
  schema: REORIENT_SCHEMA,
  async apply(views, { step, axcodes }, engine) {
    const before = requireCommonGrid(views, step);
    const orientation = orientationOf(before.direction, axcodes);
    const after = reorientedGrid(before, orientation);
    const { order, flips } = orientation;
    const record = { kind: 'reorient', step, before, after, order, flips } as const;
    if (order.every((axis, a) => axis === a) && !flips.includes(true)) return { views, record };
    const turned = await mapViews(views, async (view) => {
      const data = await materialise(view, engine);
      const out = engine.float32(data.length);
      permuteVoxels(data, before.size, orientation, out);
      return createView(view.name, arrayImage(createVolume(after, out), view.name));
    });
    return { views: turned, record };
  },
};
