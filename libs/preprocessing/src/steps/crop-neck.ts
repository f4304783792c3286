import { Type } from 'typebox';
import type { Static } from 'typebox';
import { largestComponent, perAxis, voxelCount } from '@hecktor/volume';
import type { Region, Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { lowestAbove, momentsOf } from '../statistics.ts';
import { cropImage, loadImage, visitSlabs, type LazyImage } from '../lazy-image.ts';
import {
  cropTo,
  imageName,
  requireCommonGrid,
  requireImage,
  stepSchema,
  voxelVector,
  type Step,
} from './step.ts';

const schema = stepSchema(
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

type CropNeckConfig = Static<typeof schema>;

/** Crops all images to the region around the hot spot of one of them. */
export const cropNeckStep: Step<typeof schema> = {
  schema,
  async apply(images, config, engine) {
    const before = requireCommonGrid(images, config.step);
    const source = requireImage(images, config.source, config.step);
    const centre = await hotSpot(source, before.size, config, engine);
    const [a, b, c] = config.size;
    const wanted: Vec3 = config.order === 'zyx' ? [c, b, a] : [a, b, c];
    const box = neckBox({ centre, wanted, size: before.size, overhang: config.overhang });
    return cropTo(images, before, box, config.step);
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

/** Most voxels that are made once to be looked at twice: 32 MiB. */
const MOST_VOXELS = 2 ** 23;

async function hotSpot(
  image: LazyImage,
  size: Vec3,
  { topFraction, zScore, order }: CropNeckConfig,
  engine: Engine,
): Promise<Vec3> {
  const upward = order === 'zyx' ? 0 : 2;
  const length = size[upward];
  const first = Math.min(Math.floor((1 - topFraction) * length), length - 1);
  const top: Region = {
    start: perAxis((a) => (a === upward ? first : 0)),
    size: perAxis((a) => (a === upward ? length - first : size[a])),
  };
  const lazy = cropImage(image, top);
  const part = voxelCount(top) <= MOST_VOXELS ? await loadImage(lazy, engine) : lazy;
  const { count, mean, squares } = await momentsOf(part, { nonzero: false }, engine);
  const deviation = Math.fround(Math.sqrt(squares / (count - 1)));
  const divisor = Math.fround(deviation + Math.fround(1e-8));
  const atLeast = lowestAbove(mean, divisor, zScore);
  const hot = new Uint8Array(count);
  await visitSlabs(part, engine, (values, z) => {
    markHot(values, atLeast, hot.subarray(z * top.size[0] * top.size[1]));
  });
  const found = largestComponent(hot, top.size, order);
  const inTop = found?.centroid ?? perAxis((a) => Math.trunc(top.size[a] / 2));
  return perAxis((a) => Math.trunc(inTop[a] + top.start[a]));
}

function markHot(values: Float32Array, atLeast: number, hot: Uint8Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! >= atLeast) hot[i] = 1;
}
