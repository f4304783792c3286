import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Engine } from '../engine.ts';
import { createView, materialise, viewGrid, type ImageView } from '../images/image-view.ts';
import { untouchedVolume } from '../images/untouched-volume.ts';
import { coverage } from '../resample/coverage.ts';
import { commonBox } from '../resample/common-box.ts';
import { integerLimits } from '../resample/integer-limits.ts';
import { resampledImage } from '../resample/resampled-image.ts';
import { imageName, stepSchema } from './schema-parts.ts';
import { commonGrid, mapViews, requireView, type Step, type Views } from './step.ts';

const positive = Type.Number({ exclusiveMinimum: 0 });

export const RESAMPLE_SCHEMA = stepSchema(
  'resample',
  'Puts all images onto one grid with identity direction, as ITK resamples with the identity transform: by their positions in the world, without registration. Values are worked out later, and only where a following step needs them.',
  {
    to: Type.Literal('common-box', {
      description: 'The grid covers the box that the images of "box" have in common.',
    }),
    box: Type.Optional(
      Type.Array(imageName('An image that the box lies in.'), {
        minItems: 1,
        uniqueItems: true,
        description:
          'The images whose common box the grid covers; the others are put onto that grid, however much of it they cover. When left out: ct and pet if both are there, else all.',
      }),
    ),
    spacing: Type.Tuple([positive, positive, positive], {
      description: 'Distance of voxels along x, y, z in mm.',
      default: [1, 1, 1],
    }),
    extent: Type.Union([Type.Literal('origin-plus-size'), Type.Literal('voxel-edges')], {
      description:
        'How the box of an image is measured. "origin-plus-size" goes from its origin to origin + size x spacing, as the 2025 template does: it ignores direction and half voxels. "voxel-edges" goes between the outer edges of its voxels in the world.',
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

export type ResampleConfig = Static<typeof RESAMPLE_SCHEMA>;

/** Resamples all images onto the box they share. */
export const resampleStep: Step<ResampleConfig> = {
  schema: RESAMPLE_SCHEMA,
  async apply(views, config, engine) {
    const before = commonGrid(views);
    const sources = boxImages(views, config).map(viewGrid);
    const after = commonBox(sources, config.spacing, config.extent);
    const resampled = await mapViews(views, async (view) => {
      const source = await sourceOf(view, engine);
      const limits = config.pixelType === 'keep' ? integerLimits(source.data) : null;
      return createView(
        view.name,
        resampledImage({
          name: view.name,
          source,
          target: after,
          interpolation: config.interpolation,
          outside: config.outside[view.name] ?? 0,
          limits,
        }),
      );
    });
    const shares = [...views.values()].map((view) => [view.name, coverage(viewGrid(view), after)]);
    const record = {
      kind: 'resample',
      step: config.step,
      before,
      after,
      coverage: Object.fromEntries(shares) as Record<string, number>,
    } as const;
    return { views: resampled, record };
  },
};

/** The images that the common box is made of. */
function boxImages(views: Views, { step, box }: ResampleConfig): ImageView[] {
  const pair = ['ct', 'pet'];
  const names = box ?? (pair.every((name) => views.has(name)) ? pair : [...views.keys()]);
  return names.map((name) => requireView(views, name, step));
}

async function sourceOf(view: ImageView, engine: Engine): Promise<Volume<NumericVoxelArray>> {
  return untouchedVolume(view) ?? { ...viewGrid(view), data: await materialise(view, engine) };
}
