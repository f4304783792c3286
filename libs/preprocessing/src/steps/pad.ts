import { gridOfRegion, perAxis } from '@hecktor/volume';
import { Type } from 'typebox';
import { padImage } from '../lazy-image.ts';
import {
  assertHoldable,
  mapImages,
  requireCommonGrid,
  stepSchema,
  voxelVector,
  type Step,
} from './step.ts';

const schema = stepSchema(
  'pad',
  'Adds voxels until the images have at least a size. Axes that are long enough stay as they are.',
  {
    size: voxelVector('Least size in voxels along x, y, z.'),
    at: Type.Union([Type.Literal('end'), Type.Literal('both')], {
      description:
        '"end" adds all voxels after the last one; "both" adds half before (rounded down) and the rest after.',
      default: 'end',
    }),
    value: Type.Number({ description: 'Value of the voxels that are added.', default: 0 }),
  },
);

/** Pads all images. */
export const padStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, size: least, at, value }) {
    const before = requireCommonGrid(images, step);
    const size = perAxis((a) => Math.max(before.size[a], least[a]!));
    const low = perAxis((a) => (at === 'both' ? Math.floor((size[a] - before.size[a]) / 2) : 0));
    const after = gridOfRegion(before, { start: perAxis((a) => -low[a]), size });
    const record = { kind: 'pad', step, before, after, low } as const;
    if (size.every((n, a) => n === before.size[a])) return { images, record };
    assertHoldable(size, before.size, step);
    const padded = await mapImages(images, (image) => padImage(image, after, low, value));
    return { images: padded, record };
  },
};
