import { HecktorError } from '@hecktor/errors';
import { isSameGrid, voxelCount } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Engine } from '../engine.ts';
import { coverage } from '../resample/coverage.ts';
import { integerLimits, resampledImage } from '../resample/resampled-image.ts';
import { commonBox } from '../resample/common-box.ts';
import { gridOf, readImage, wholeArray, type LazyImage } from '../lazy-image.ts';
import {
  commonGrid,
  imageName,
  mapImages,
  requireImage,
  stepSchema,
  type LazyImages,
  type Step,
} from './step.ts';

const positive = Type.Number({ exclusiveMinimum: 0 });

const schema = stepSchema(
  'resample',
  'Puts all images onto one grid, as ITK resamples with the identity transform: by their positions in the world, without registration. Values are worked out later, and only where a following step needs them.',
  {
    to: Type.Union([Type.Literal('common-box'), Type.Literal('image')], {
      description:
        '"common-box": the grid has identity direction and covers the box that the images of "box" have in common. "image": it is the grid of the image that "image" names, direction included; images that lie on it already keep their values to the last bit. Use "image" where PET was put onto the CT\'s grid before training, as nnU-Net\'s channels must be.',
    }),
    image: Type.Optional(imageName('With "image": the image whose grid the others go to.')),
    box: Type.Optional(
      Type.Array(imageName('An image that the box lies in.'), {
        minItems: 1,
        uniqueItems: true,
        description:
          'With "common-box": the images whose common box the grid covers; the others are put onto that grid, however much of it they cover. When left out: ct and pet if both are there, else all.',
      }),
    ),
    spacing: Type.Tuple([positive, positive, positive], {
      description: 'With "common-box": distance of voxels along x, y, z in mm.',
      default: [1, 1, 1],
    }),
    extent: Type.Union([Type.Literal('origin-plus-size'), Type.Literal('voxel-edges')], {
      description:
        'With "common-box": how the box of an image is measured. "origin-plus-size" goes from its origin to origin + size x spacing, as the 2025 template does: it ignores direction and half voxels. "voxel-edges" goes between the outer edges of its voxels in the world, the bounding box of its eight corners where it lies obliquely. The common box goes from the largest lower to the smallest upper bound; it has round((upper - lower) / spacing) voxels an axis, halves to the even number. With "origin-plus-size" the centre of its first voxel lies on the lower bound; with "voxel-edges" its voxels lie in the middle of the bounds: the first centre is at (lower + upper - (voxels - 1) x spacing) / 2.',
      default: 'origin-plus-size',
    }),
    interpolation: Type.Union(
      [Type.Literal('bspline'), Type.Literal('linear'), Type.Literal('nearest')],
      { description: '"bspline" is the cubic B-spline of ITK.', default: 'bspline' },
    ),
    outside: Type.Record(Type.String(), Type.Number(), {
      description:
        'For each image the value where it has no voxels, in its own units; 0 when left out. Air is -1000 in CT.',
      default: {},
    }),
    pixelType: Type.Union([Type.Literal('keep'), Type.Literal('float32')], {
      description:
        '"keep" clamps and truncates results to the pixel type of the input file, as ITK does for integers; "float32" keeps fractions.',
      default: 'keep',
    }),
  },
);

type ResampleConfig = Static<typeof schema>;

/** Resamples all images onto the box they share. */
export const resampleStep: Step<typeof schema> = {
  schema,
  async apply(images, config, engine) {
    const before = commonGrid(images);
    const after = targetGrid(images, config);
    assertWorkable(after.size, config);
    const resampled = await mapImages(images, async (image) => {
      if (config.to === 'image' && isSameGrid(gridOf(image), after)) return image;
      const source = await volumeOf(image, engine);
      return resampledImage({
        name: image.name,
        source,
        target: after,
        interpolation: config.interpolation,
        outside: config.outside[image.name] ?? 0,
        limits: config.pixelType === 'keep' ? integerLimits(source.data) : null,
      });
    });
    const shares = [...images.values()].map((one) => [one.name, coverage(gridOf(one), after)]);
    const record = {
      kind: 'resample',
      step: config.step,
      before,
      after,
      coverage: Object.fromEntries(shares) as Record<string, number>,
    } as const;
    return { images: resampled, record };
  },
};

/** Voxels beyond which no crop makes a grid workable: hours of work, and rows that no array holds. */
const MOST_VOXELS = 2 ** 33;

function assertWorkable(size: Vec3, { step, spacing }: ResampleConfig): void {
  if (voxelCount({ size }) <= MOST_VOXELS) return;
  throw new HecktorError('OUT_OF_MEMORY', {
    detail: `step "${step}" makes ${size.join(' x ')} voxels of ${spacing.join(' x ')} mm`,
    fix: 'give a coarser spacing, in mm',
  });
}

/** The grid that a "resample" step puts all images onto. */
export function targetGrid(images: LazyImages, config: ResampleConfig): Grid {
  if (config.to === 'common-box') {
    return commonBox(boxImages(images, config).map(gridOf), config.spacing, config.extent);
  }
  if (config.image !== undefined) return gridOf(requireImage(images, config.image, config.step));
  throw new HecktorError('RECIPE_INVALID', {
    detail: `step "${config.step}" to "image" does not name the image`,
    fix: 'add "image": "ct", or the image that the others were put onto before training',
  });
}

/** The images that the common box is made of. */
function boxImages(images: LazyImages, { step, box }: ResampleConfig): LazyImage[] {
  const pair = ['ct', 'pet'];
  const names = box ?? (pair.every((name) => images.has(name)) ? pair : [...images.keys()]);
  return names.map((name) => requireImage(images, name, step));
}

async function volumeOf(image: LazyImage, engine: Engine): Promise<Volume<NumericVoxelArray>> {
  const data = wholeArray(image) ?? (await readImage(image, engine));
  return { ...gridOf(image), data };
}
