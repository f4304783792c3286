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
    size: voxelVector(
      'Size of the box in voxels, along the axes in the order of "order"; less where the image is smaller.',
    ),
    order: Type.Union([Type.Literal('xyz'), Type.Literal('zyx')], {
      description:
        'The axes that "size" stands for; the last of them is the one whose upper part is searched. "zyx" is what the 2025 template does in tasks 2 and 3: it searches the part where x is large.',
      default: 'xyz',
    }),
    overhang: Type.Union([Type.Literal('shift'), Type.Literal('truncate')], {
      description:
        'What becomes of a box that reaches below voxel 0: "shift" moves it up, as the 2025 template does in task 1; "truncate" cuts it off, as it does in tasks 2 and 3. Beyond the far end a box is moved back either way.',
      default: 'shift',
    }),
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
    const [a, b, c] = config.size;
    const wanted: Vec3 = config.order === 'zyx' ? [c, b, a] : [a, b, c];
    const box = neckBox({ centre, wanted, size: before.size, overhang: config.overhang });
    return cropTo(replaceView(views, view), before, box, config.step);
  },
};

/** Where a box is to lie in an image of `size` voxels; all vectors along x, y, z. */
interface BoxRequest {
  readonly centre: Vec3;
  readonly wanted: Vec3;
  readonly size: Vec3;
  readonly overhang: CropNeckConfig['overhang'];
}

/** The box of `wanted` voxels around a centre, moved and cut so that it lies inside the image. */
export function neckBox({ centre, wanted, size, overhang }: BoxRequest): Region {
  const end = perAxis((a) => {
    const low = centre[a] - Math.floor(wanted[a] / 2);
    const from = overhang === 'shift' ? Math.max(low, 0) : low;
    return Math.min(from + wanted[a], size[a]);
  });
  const start = perAxis((a) => Math.max(end[a] - wanted[a], 0));
  return { start, size: perAxis((a) => end[a] - start[a]) };
}

async function hotSpot(
  given: ImageView,
  size: Vec3,
  { topFraction, zScore, order }: CropNeckConfig,
  engine: Engine,
): Promise<{ centre: Vec3; view: ImageView }> {
  const view = await settlePadding(given, engine);
  const upward = order === 'zyx' ? 0 : 2;
  const length = size[upward];
  const first = Math.min(Math.floor((1 - topFraction) * length), length - 1);
  const top: Region = {
    start: perAxis((a) => (a === upward ? first : 0)),
    size: perAxis((a) => (a === upward ? length - first : size[a])),
  };
  const { count, mean, squares } = await regionMoments(view, top, engine);
  const deviation = Math.fround(Math.sqrt(squares / (count - 1)));
  const divisor = Math.fround(deviation + Math.fround(1e-8));
  const mask = engine.uint8(count);
  const spans = engine.int32(2 * top.size[1] * top.size[2]);
  const atLeast = lowestAbove(mean, divisor, zScore);
  await scanView(view, top, [{ kind: 'threshold', atLeast, mask, spans }], engine);
  const found = largestComponent(mask, top.size, { spans, order });
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
