import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { cropView, scanView, type ImageView } from '../images/image-view.ts';
import { combineMoments, type Moments } from '../statistics.ts';
import { perAxis, type Region } from '../region.ts';
import { lowestAbove } from '../float32-limit.ts';
import { settlePadding } from './settle-padding.ts';
import { largestComponent } from './largest-component.ts';
import { cropTo } from './crop-to.ts';
import { imageName, stepSchema, voxelVector } from './schema-parts.ts';
import { replaceView, requireCommonGrid, requireView, type Step } from './step.ts';

export const CROP_NECK_SCHEMA = stepSchema(
  'crop-neck',
  'Cuts a box around the largest hot spot in the upper part of the PET: in head and neck, the brain. Where nothing is hot the box is centred in the upper part.',
  {
    source: imageName('The image that is searched.'),
    topFraction: Type.Number({
      description: 'The part of the slices, from the last one down, that is searched.',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.25,
    }),
    zScore: Type.Number({
      description: 'A voxel is hot above mean + this many standard deviations of that part.',
      default: 1,
    }),
    size: voxelVector('Size of the box in voxels along x, y, z; less where the image is smaller.'),
  },
);

export type CropNeckConfig = Static<typeof CROP_NECK_SCHEMA>;

/** Crops all images to the region around the hot spot of one of them. */
export const cropNeckStep: Step<CropNeckConfig> = {
  schema: CROP_NECK_SCHEMA,
  async apply(views, config, engine) {
    const before = requireCommonGrid(views, config.step);
    const source = requireView(views, config.source, config.step);
    const { centre, view } = await hotSpot(source, before.size, config, engine);
    return cropTo(
      replaceView(views, view),
      before,
      neckBox(centre, config.size, before.size),
      config.step,
    );
  },
};

/** The box of `wanted` voxels around a centre, moved and cut so that it lies inside the image. */
export function neckBox(centre: Vec3, wanted: readonly number[], size: Vec3): Region {
  const bounded = (v: number, a: 0 | 1 | 2): number => Math.min(Math.max(v, 0), size[a]);
  const end = perAxis((a) => {
    const start = bounded(centre[a] - Math.floor(wanted[a]! / 2), a);
    return bounded(start + wanted[a]!, a);
  });
  const start = perAxis((a) => Math.max(end[a] - wanted[a]!, 0));
  return { start, size: perAxis((a) => end[a] - start[a]) };
}

async function hotSpot(
  given: ImageView,
  size: Vec3,
  { topFraction, zScore }: CropNeckConfig,
  engine: Engine,
): Promise<{ centre: Vec3; view: ImageView }> {
  const view = await settlePadding(given, engine);
  const first = Math.min(Math.floor((1 - topFraction) * size[2]), size[2] - 1);
  const top: Region = { start: [0, 0, first], size: [size[0], size[1], size[2] - first] };
  const { count, mean, squares } = await regionMoments(view, top, engine);
  const deviation = Math.fround(Math.sqrt(squares / (count - 1)));
  const divisor = Math.fround(deviation + Math.fround(1e-8));
  const mask = engine.uint8(count);
  const spans = engine.int32(2 * top.size[1] * top.size[2]);
  const atLeast = lowestAbove(mean, divisor, zScore);
  await scanView(view, top, [{ kind: 'threshold', atLeast, mask, spans }], engine);
  const found = largestComponent(mask, top.size, spans);
  const inTop = found?.centroid ?? perAxis((a) => Math.trunc(top.size[a] / 2));
  const centre = perAxis((a) => Math.trunc(inTop[a] + top.start[a]));
  return { centre, view };
}

async function regionMoments(view: ImageView, region: Region, engine: Engine): Promise<Moments> {
  if (view.operations.length === 0) {
    const { window } = cropView(view, region);
    const known = await view.evaluator.moments?.(window, engine);
    if (known !== undefined) return known;
  }
  const slots = engine.float64(3 * region.size[2]);
  await scanView(view, region, [{ kind: 'moments', nonzero: false, slots }], engine);
  return combineMoments(slots, view.name);
}
