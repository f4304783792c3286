import { Type } from 'typebox';
import type { NumericVoxelArray } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import type { StepRecord } from '../invert/step-record.ts';
import { momentsOf, momentsWithin, type Moments } from '../statistics.ts';
import { ownImage, readImage, staysLazy, wholeArray, withOperation } from '../lazy-image.ts';
import { applyPointOperationsInPlace } from '../kernels/point-operation.ts';
import {
  imageName,
  replaceImage,
  requireCommonGrid,
  requireImage,
  stepSchema,
  type LazyImages,
  type Step,
} from './step.ts';

/** nnU-Net divides by no less. */
const LEAST_DEVIATION = 1e-8;

const schema = stepSchema(
  'z-score',
  'Subtracts the mean of an image and divides by its (population) standard deviation, but by at least 1e-8: a constant image becomes 0.',
  {
    image: imageName('The image to change.'),
    nonzero: Type.Boolean({
      description:
        'Whether voxels that are exactly 0 are left out of mean and deviation and stay 0.',
      default: false,
    }),
    mask: Type.Optional(
      imageName(
        'An image: voxels where it is 0 are left out of mean and deviation and stay as they are, instead of those that "nonzero" leaves out. nnU-Net\'s ZScoreNormalization with `use_mask_for_norm` takes the mask of "crop-nonzero".',
      ),
    ),
  },
);

/** Standardises one image. */
export const zScoreStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, nonzero, mask }, engine) {
    const given = requireImage(images, name, step);
    if (mask === undefined && staysLazy(given, engine)) {
      const found = deviationOf(await momentsOf(given, { nonzero }, engine));
      const { mean: subtract, divide } = found;
      const image = withOperation(given, { kind: 'standardise', subtract, divide, nonzero });
      return { images: replaceImage(images, image), record: recordOf(step, name, found) };
    }
    const { data, image } = await ownImage(given, engine);
    const inside = mask === undefined ? undefined : await maskOf(mask, images, step, engine);
    const found = deviationOf(
      inside === undefined
        ? await momentsOf(image, { nonzero }, engine)
        : momentsWithin(data, inside),
    );
    const { mean, divide } = found;
    if (inside !== undefined) standardiseWithin(data, inside, mean, divide);
    else {
      applyPointOperationsInPlace(data, [{ kind: 'standardise', subtract: mean, divide, nonzero }]);
    }
    return { images: replaceImage(images, image), record: recordOf(step, name, found) };
  },
};

interface Found {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly divide: number;
}

function deviationOf({ count, mean, squares }: Moments): Found {
  const deviation = Math.fround(Math.sqrt(count === 0 ? 0 : squares / count));
  return { count, mean, deviation, divide: Math.max(deviation, LEAST_DEVIATION) };
}

function recordOf(step: string, image: string, { count, mean, deviation }: Found): StepRecord {
  return { kind: 'intensity', step, image, found: { count, mean, deviation } };
}

async function maskOf(
  name: string,
  images: LazyImages,
  step: string,
  engine: Engine,
): Promise<NumericVoxelArray> {
  requireCommonGrid(images, step);
  const image = requireImage(images, name, step);
  return wholeArray(image) ?? (await readImage(image, engine));
}

/** In float32, as point operations are. */
function standardiseWithin(
  data: Float32Array,
  inside: NumericVoxelArray,
  mean: number,
  deviation: number,
): void {
  const subtract = Math.fround(mean);
  const divide = Math.fround(deviation);
  for (let i = 0; i < data.length; i++) {
    if (inside[i] !== 0) data[i] = Math.fround(data[i]! - subtract) / divide;
  }
}
