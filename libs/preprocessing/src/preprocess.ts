import { HecktorError } from '@hecktor/errors';
import { assertVolume, scalarTypeOf } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Tensor, Volume } from '@hecktor/volume';
import { createEngine, type Engine } from './engine.ts';
import type { KernelRunner } from './kernels/kernel-job.ts';
import { parseStep } from './parse-step.ts';
import type { StepRecord } from './invert/step-record.ts';
import { applyStep, type StepConfig } from './steps/index.ts';
import { arrayImage, divisibleImage } from './lazy-image.ts';
import { mapImages, requireCommonGrid, type LazyImages } from './steps/step.ts';
import { lazyTensor, toTensor, type LazyTensor, type TensorLayout } from './tensor.ts';

/** The images of a case by the name that recipes use, for instance `ct` and `pet`. */
export type Images = Readonly<Record<string, Volume<NumericVoxelArray>>>;

/** A network's input, and what was done to get there. */
export interface Prepared {
  readonly tensor: Tensor;
  /** Grid of the tensor's voxels. */
  readonly grid: Grid;
  /** One record per step, in order; {@link invertLabels} goes through them backwards. */
  readonly records: readonly StepRecord[];
}

/** How {@link preprocess} runs. */
export interface PreprocessContext {
  /** Runs kernels, in other threads if it likes; in the calling thread when left out. */
  readonly run?: KernelRunner;
  /** Told the name of the step under way and how much of the whole is done, from 0 to 1. */
  readonly onProgress?: (step: string, fraction: number) => void;
}

/**
 * Takes images through the steps of a recipe to a network's input.
 *
 * Crops and resampling wait until values are needed and then only work out the part that is left.
 * The input volumes are not changed; with a runner they are best given on shared memory, or the
 * part in use is copied there.
 *
 * @throws HecktorError RECIPE_INVALID for steps that do not fit the images, the layout or each other;
 * IMAGES_DO_NOT_OVERLAP, IMAGE_NOT_FINITE, NO_FOREGROUND for images that do not fit the steps;
 * INVALID_ARGUMENT for volumes that do not fit their grid.
 */
export async function preprocess(
  images: Images,
  steps: readonly StepConfig[],
  layout: TensorLayout,
  { run, onProgress }: PreprocessContext = {},
): Promise<Prepared> {
  const engine = createEngine(run);
  const all = steps.length + 1;
  const stepped = await applySteps(images, steps, engine, (step, i) => onProgress?.(step, i / all));
  onProgress?.('finish', steps.length / all);
  const tensor = await toTensor(stepped.images, layout, engine);
  onProgress?.('finish', 1);
  return { tensor, grid: stepped.grid, records: stepped.records };
}

/** Voxels of an image that is kept even where memory is short: 32 MiB. */
const MOST_KEPT = 2 ** 23;

/**
 * The same where memory is short: large images are made again wherever they are read, and of the
 * tensor only the planes that are asked for. The input volumes must stay as long as it is read.
 *
 * @throws HecktorError as {@link preprocess} does; its `read` IMAGE_NOT_FINITE.
 */
export async function preprocessLazily(
  images: Images,
  steps: readonly StepConfig[],
  layout: TensorLayout,
  { run, onProgress }: PreprocessContext = {},
  mostKept = MOST_KEPT,
): Promise<Omit<Prepared, 'tensor'> & { readonly tensor: LazyTensor }> {
  const engine = createEngine(run, mostKept);
  const onStep = (step: string, i: number) => onProgress?.(step, i / steps.length);
  const { images: made, grid, records } = await applySteps(images, steps, engine, onStep);
  const divisible = await mapImages(made, (image) =>
    layout.channels.includes(image.name) ? divisibleImage(image, engine) : image,
  );
  return { tensor: lazyTensor(divisible, layout, engine), grid, records };
}

/** Takes images through steps that leave them on one grid; `onStep` is told the step under way. */
export async function applySteps(
  images: Images,
  steps: readonly StepConfig[],
  engine: Engine,
  onStep?: (step: string, index: number) => void,
) {
  let current = startImages(images);
  const records: StepRecord[] = [];
  for (const [i, config] of steps.map(parseStep).entries()) {
    onStep?.(config.step, i);
    const result = await applyStep(current, config, engine);
    current = result.images;
    records.push(result.record);
  }
  return { images: current, grid: requireCommonGrid(current), records };
}

/** Images as the first step gets them. */
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
