import { HecktorError } from '@hecktor/errors';
import { preprocess, preprocessLazily, type AxisName } from '@hecktor/preprocessing';
import type { LazyTensor, Prepared, PreprocessContext, StepConfig } from '@hecktor/preprocessing';
import { bareGrid, type Grid, type Tensor } from '@hecktor/volume';
import { presentImages, readCase } from './read-case.ts';
import type { CaseImage, CaseImages, CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';

/** The part of a recipe that concerns images. */
export interface ImageRecipe {
  readonly preprocessing: readonly StepConfig[];
  readonly tensor: { readonly channels: readonly string[]; readonly axes: readonly AxisName[] };
}

/** A case as a network sees it, and the way back. */
export interface PreparedCase {
  readonly tensor: Tensor;
  /** Grid of the tensor's voxels. */
  readonly grid: Grid;
  /** Grid of the image that a label map must lie on. */
  readonly target: Grid;
  readonly records: Prepared['records'];
}

/** The same with a tensor that is made as it is read, from the images, which have to stay for it. */
export type PreparedSlabs = Omit<PreparedCase, 'tensor'> & { readonly tensor: LazyTensor };

/**
 * Reads the images of a case and takes them through a recipe's steps.
 *
 * @param target - Name of the image whose grid a label map must lie on.
 * @throws HecktorError as reading and each step do.
 */
export async function prepareCase(
  paths: CasePaths,
  recipe: ImageRecipe,
  context: RunContext,
  target = 'ct',
): Promise<PreparedCase> {
  return prepareImages(await readCase(paths, context), recipe, context, target);
}

/**
 * Takes the images of a case through a recipe's steps. All tasks begin here.
 *
 * @param target - Name of the image whose grid a label map must lie on.
 * @throws HecktorError as each step does.
 */
export async function prepareImages(
  images: CaseImages,
  recipe: ImageRecipe,
  context: RunContext,
  target = 'ct',
): Promise<PreparedCase> {
  return prepare(preprocess, images, recipe, context, target);
}

/**
 * The same where memory is short: no image is kept that can be made again, nor the tensor.
 *
 * @throws HecktorError as {@link prepareImages} does; reading the tensor IMAGE_NOT_FINITE.
 */
export async function prepareSlabs(
  images: CaseImages,
  recipe: ImageRecipe,
  context: RunContext,
  target = 'ct',
): Promise<PreparedSlabs> {
  return prepare(preprocessLazily, images, recipe, context, target);
}

/** All of a tensor, as {@link prepareImages} makes it. */
export async function wholeTensor({ tensor, ...prepared }: PreparedSlabs): Promise<PreparedCase> {
  const { dims, read } = tensor;
  const data = new Float32Array(dims.reduce((product, n) => product * n, 1));
  await read([0, dims[2]!], { data, first: 0, planes: dims[2]! });
  return { ...prepared, tensor: { data, dims } };
}

async function prepare<T>(
  work: (
    images: Readonly<Record<string, CaseImage>>,
    steps: readonly StepConfig[],
    layout: ImageRecipe['tensor'],
    context: PreprocessContext,
  ) => Promise<Omit<Prepared, 'tensor'> & { readonly tensor: T }>,
  images: CaseImages,
  recipe: ImageRecipe,
  context: RunContext,
  target: string,
) {
  const { run, log, timer } = context;
  const image = images[target];
  if (image === undefined) {
    throw new HecktorError('INPUT_IMAGE_MISSING', {
      detail: `the output lies on the grid of "${target}", which the case does not have`,
    });
  }
  const steps = recipe.preprocessing;
  const prepared = await timer.time('preprocessing', () =>
    work(Object.fromEntries(presentImages(images)), steps, recipe.tensor, {
      ...(run !== undefined && { run }),
      onProgress: (step, fraction) => {
        log.debug('preprocessing', { step });
        context.onProgress('preprocessing', fraction);
      },
    }),
  );
  log.info('preprocessed', { steps: steps.map(({ step }) => step), size: prepared.grid.size });
  const { tensor, grid, records } = prepared;
  return { tensor, grid, target: bareGrid(image), records };
}
