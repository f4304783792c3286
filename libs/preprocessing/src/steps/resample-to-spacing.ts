import { HecktorError } from '@hecktor/errors';
import { copyBox, perAxis, voxelCount } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Engine } from '../engine.ts';
import { roundHalfEven } from '../kernels/weights.ts';
import { createImage, readImage, type LazyImage } from '../lazy-image.ts';
import { separateAxis } from '../zoom/separate-axis.ts';
import { zoomImage } from '../zoom/zoom-image.ts';
import { zoomLabels } from '../zoom/zoom-labels.ts';
import { resizedGrid } from './resize-area.ts';
import {
  assertHoldable,
  imageName,
  mapImages,
  requireCommonGrid,
  stepSchema,
  type Step,
} from './step.ts';

const positive = Type.Number({ exclusiveMinimum: 0 });

const schema = stepSchema(
  'resample-to-spacing',
  'Resamples all images as nnU-Net does (`resample_data_or_seg_to_shape`): to round(n x old spacing / new spacing) voxels an axis, halves to the even number, by spline interpolation with the outer voxels repeated beyond the border and values limited to the range of the image. Nothing happens where the number of voxels stays. The outer voxel edges stay where they are.',
  {
    spacing: Type.Tuple([positive, positive, positive], {
      description:
        'Distance of voxels along x, y, z in mm: the spacing of the plans, brought from their axes to x, y, z.',
    }),
    order: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(3)], {
      description: 'Order of the spline: 0 nearest neighbour, 1 linear, 3 cubic.',
      default: 3,
    }),
    orderZ: Type.Union([Type.Literal(0), Type.Literal(1)], {
      description: 'The order across slices where these are resampled each by itself.',
      default: 0,
    }),
    separateZ: Type.Union([Type.Literal('auto'), Type.Boolean()], {
      description:
        'Whether slices are resampled each by itself, limited to the range of the slice, then by "orderZ" along the axis across them, the one with the largest spacing (`force_separate_z`; its None is "auto"). "auto" does so where the largest spacing is more than 3 times the smallest, before the step or else after it, unless two axes share the largest.',
      default: 'auto',
    }),
    labels: Type.Optional(
      Type.Array(imageName('An image that holds labels.'), {
        uniqueItems: true,
        description:
          'Images whose values are labels: at each voxel the label wins whose mask, resampled by order 1, is the largest (batchgenerators 0.25.2 and later; before, the highest label of at least 0.5).',
      }),
    ),
  },
);

type ResampleToSpacingConfig = Static<typeof schema>;

/** Resamples all images to a spacing, each when it is needed. */
export const resampleToSpacingStep: Step<typeof schema> = {
  schema,
  async apply(images, config) {
    const { step, order, orderZ, separateZ, labels = [] } = config;
    const before = requireCommonGrid(images, step);
    const spacing = config.spacing as Vec3;
    const size = newSize(before, config);
    const after = resizedGrid(before, size);
    const record = { kind: 'resize', step, before, after, spacing } as const;
    if (size.every((n, a) => n === before.size[a])) return { images, record };
    assertHoldable(size, before.size, step);
    const axis = separateAxis(separateZ, before.spacing, spacing);
    const zoom = { size, order, apart: axis === null ? null : { axis, order: orderZ } };
    const resampled = await mapImages(images, (image) =>
      deferredImage(image.name, after, async (engine) =>
        labels.includes(image.name)
          ? zoomLabels(await readImage(image, engine), before.size, zoom)
          : zoomImage(image, zoom, engine),
      ),
    );
    return { images: resampled, record };
  },
};

/** The size that a grid gets. */
export function newSize({ size, spacing }: Grid, config: ResampleToSpacingConfig): Vec3 {
  const wanted = config.spacing as Vec3;
  const next = perAxis((a) => roundHalfEven((spacing[a] / wanted[a]) * size[a]));
  if (next.every((n) => n >= 1)) return next;
  throw new HecktorError('RECIPE_INVALID', {
    detail: `step "${config.step}" leaves no voxel of ${size.join(' x ')} voxels of ${spacing.join(' x ')} mm at ${wanted.join(' x ')} mm`,
    fix: 'give a finer spacing, in mm',
  });
}

/** An image that is made as a whole, when any part of it is needed. */
function deferredImage(
  name: string,
  grid: Grid,
  make: (engine: Engine) => Promise<Float32Array<ArrayBuffer>>,
): LazyImage {
  return createImage(name, {
    grid,
    indivisible: true,
    async read(region, engine) {
      const whole = await make(engine);
      if (voxelCount(region) === whole.length) return whole;
      const out = new Float32Array(voxelCount(region));
      return copyBox({ data: whole, size: grid.size }, region, out);
    },
    async visit(region, engine, visit) {
      visit(await this.read(region, engine), 0);
    },
  });
}
