import { Type } from 'typebox';
import type { Static } from 'typebox';
import { padView } from '../images/image-view.ts';
import { gridOfRegion, perAxis } from '../region.ts';
import { stepSchema, voxelVector } from './schema-parts.ts';
import { mapViews, requireCommonGrid, type Step } from './step.ts';

export const PAD_SCHEMA = stepSchema(
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

export type PadConfig = Static<typeof PAD_SCHEMA>;

/** Pads all images. */
export const padStep: Step<PadConfig> = {
  schema: PAD_SCHEMA,
  async apply(views, { step, size: least, at, value }, engine) {
    const before = requireCommonGrid(views, step);
    const size = perAxis((a) => Math.max(before.size[a], least[a]!));
    const low = perAxis((a) => (at === 'both' ? Math.floor((size[a] - before.size[a]) / 2) : 0));
    const padded = await mapViews(views, (view) =>
      padView(view, { low, size, fill: value }, engine),
    );
    const after = gridOfRegion(before, { start: perAxis((a) => -low[a]), size });
    return { views: padded, record: { kind: 'pad', step, before, after, low } };
  },
};
