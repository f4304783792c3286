import { HecktorError } from '@hecktor/errors';
import { assertVolume, scalarTypeOf } from '@hecktor/volume';
import type { Volume } from '@hecktor/volume';
import { createEngine, type Engine } from './engine.ts';
import type { KernelRunner } from './kernels/kernel-job.ts';
import { parseStep } from './parse-step.ts';
import type { StepRecord } from './invert/step-record.ts';
import { applyStep, type StepConfig } from './steps/index.ts';
import { arrayImage, readImage, wholeArray, type LazyImage } from './lazy-image.ts';
import { requireCommonGrid, requireImage, type LazyImages } from './steps/step.ts';
import type { Images, Prepared } from './types.ts';

/** How {@link preprocess} runs. */
export interface PreprocessContext {
  /** Runs kernels, in other threads if it likes; in the calling thread when left out. */
  readonly run?: KernelRunner;
  /** Names of the images wanted in the end; all when left out. Others are never worked out. */
  readonly keep?: readonly string[];
  /** Told the name of the step under way and how much of the whole is done, from 0 to 1. */
  readonly onProgress?: (step: string, fraction: number) => void;
}

/**
 * Takes images through the steps of a recipe.
 *
 * Crops and resampling wait until values are needed and then only work out the part that is left.
 * The input volumes are not changed; with a runner they are best given on shared memory, or the
 * part in use is copied there.
 *
 * @throws HecktorError RECIPE_INVALID for steps that do not fit the images or each other;
 * IMAGES_DO_NOT_OVERLAP, IMAGE_NOT_FINITE, NO_FOREGROUND for images that do not fit the steps;
 * INVALID_ARGUMENT for volumes that do not fit their grid.
 */
export async function preprocess(
  images: Images,
  steps: readonly StepConfig[],
  context: PreprocessContext = {},
): Promise<Prepared> {
  const configs = steps.map(parseStep);
  const engine = createEngine(context.run);
  let current = startImages(images);
  const records: StepRecord[] = [];
  for (const [i, config] of configs.entries()) {
    context.onProgress?.(config.step, i / (configs.length + 1));
    const result = await applyStep(current, config, engine);
    current = result.images;
    records.push(result.record);
  }
  context.onProgress?.('finish', configs.length / (configs.length + 1));
  if (context.keep !== undefined) current = pickImages(current, context.keep);
  const grid = requireCommonGrid(current, 'finish');
  const prepared: Record<string, Volume<Float32Array>> = {};
  for (const image of current.values()) {
    prepared[image.name] = { ...grid, data: await finish(image, images, engine) };
  }
  context.onProgress?.('finish', 1);
  return { images: prepared, grid, records };
}

function startImages(images: Images): LazyImages {
  const names = Object.keys(images);
  if (names.length === 0) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'expected at least one image, got none' });
  }
  return new Map(
    names.map((name) => {
      const volume = images[name]!;
      assertVolume(volume, { file: name });
      if (scalarTypeOf(volume.data).endsWith('64') && !(volume.data instanceof Float64Array)) {
        throw new HecktorError('INVALID_ARGUMENT', {
          detail: `the image "${name}" has 64-bit integers; convert it to numbers first`,
        });
      }
      return [name, arrayImage(name, volume)];
    }),
  );
}

function pickImages(images: LazyImages, names: readonly string[]): LazyImages {
  return new Map(names.map((name) => [name, requireImage(images, name, 'finish')]));
}

/** The values of an image, in an array that is none of the given ones. */
async function finish(image: LazyImage, images: Images, engine: Engine): Promise<Float32Array> {
  const data = wholeArray(image);
  const given = Object.values(images).some((one) => one.data === data);
  return !given && data instanceof Float32Array ? data : readImage(image, engine);
}
