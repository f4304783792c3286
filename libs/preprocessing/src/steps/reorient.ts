import { Type } from 'typebox';
import { orientationOf, permuteVoxels, reorientedGrid } from '../orientation.ts';
import { arrayImage, readImage } from '../lazy-image.ts';
import { mapImages, requireCommonGrid, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
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

/** Turns all images by whole axes. Positions in the world stay the same. */
export const reorientStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, axcodes }, engine) {
    const before = requireCommonGrid(images, step);
    const orientation = orientationOf(before.direction, axcodes);
    const after = reorientedGrid(before, orientation);
    const { order, flips } = orientation;
    const record = { kind: 'reorient', step, before, after, order, flips } as const;
    if (order.every((axis, a) => axis === a) && !flips.includes(true)) return { images, record };
    const turned = await mapImages(images, async (image) => {
      const data = await readImage(image, engine);
      const out = new Float32Array(data.length);
      permuteVoxels(data, before.size, orientation, out);
      return arrayImage(image.name, { ...after, data: out });
    });
    return { images: turned, record };
  },
};
