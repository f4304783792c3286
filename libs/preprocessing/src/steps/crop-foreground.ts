import { HecktorError } from '@hecktor/errors';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Vec3 } from '@hecktor/volume';
import { settle } from '../images/image-view.ts';
import { perAxis, type Region } from '../region.ts';
import { cropTo } from './crop-to.ts';
import { imageName, stepSchema } from './schema-parts.ts';
import { settlePadding } from './settle-padding.ts';
import { replaceView, requireCommonGrid, requireView, type Step } from './step.ts';

export const CROP_FOREGROUND_SCHEMA = stepSchema(
  'crop-foreground',
  'Cuts all images to the bounding box of the voxels of one image that lie above a value.',
  {
    image: imageName('The image that is searched, as the steps before have left it.'),
    above: Type.Number({ description: 'Voxels above this value are foreground.', default: 0 }),
    margin: Type.Integer({
      description: 'Voxels added on every side, as far as the image reaches.',
      minimum: 0,
      default: 0,
    }),
  },
);

export type CropForegroundConfig = Static<typeof CROP_FOREGROUND_SCHEMA>;

/** Crops all images to the foreground of one of them. */
export const cropForegroundStep: Step<CropForegroundConfig> = {
  schema: CROP_FOREGROUND_SCHEMA,
  async apply(views, { step, image, above, margin }, engine) {
    const before = requireCommonGrid(views, step);
    const view = await settlePadding(requireView(views, image, step), engine);
    const slots = engine.int32(4 * before.size[2]);
    const settled = await settle(view, engine, [{ kind: 'bounds', above, slots }]);
    const box = boundingBox(slots, before.size, margin);
    if (box === undefined) {
      throw new HecktorError('NO_FOREGROUND', {
        detail: `no voxel of the image "${image}" lies above ${above} where it was cropped to`,
      });
    }
    return cropTo(replaceView(views, settled), before, box, step);
  },
};

function boundingBox(slots: Int32Array, size: Vec3, margin: number): Region | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [-1, -1, -1];
  for (let z = 0; z < size[2]; z++) {
    const [x0, x1, y0, y1] = slots.subarray(4 * z, 4 * z + 4) as unknown as number[];
    if (x1! < 0) continue;
    low[0] = Math.min(low[0]!, x0!);
    high[0] = Math.max(high[0]!, x1!);
    low[1] = Math.min(low[1]!, y0!);
    high[1] = Math.max(high[1]!, y1!);
    low[2] = Math.min(low[2]!, z);
    high[2] = z;
  }
  if (high[2]! < 0) return undefined;
  const start = perAxis((a) => Math.max(low[a]! - margin, 0));
  return { start, size: perAxis((a) => Math.min(high[a]! + margin + 1, size[a]) - start[a]) };
}
