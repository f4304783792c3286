import { preprocess, toTensor, type Prepared, type StepConfig } from '@hecktor/preprocessing';
import type { Tensor } from '@hecktor/volume';
import type { Grid } from '@hecktor/volume';
import { readCase, type CaseImages } from './read-case.ts';
import type { RunContext } from './run-context.ts';

/** The part of a recipe that concerns images. */
export interface ImageRecipe {
  readonly preprocessing: readonly StepConfig[];
  readonly tensor: { readonly channels: readonly string[]; readonly axes: readonly Axis[] };
}

/** The name of a spatial axis. */
export type Axis = 'x' | 'y' | 'z';

/** A case as a network sees it, and the way back. */
export interface PreparedCase {
  readonly tensor: Tensor;
  /** Grid of the tensor's voxels. */
  readonly grid: Grid;
  /** Grid of the image that the output must lie on: the first one, the CT. */
  readonly target: Grid;
  readonly records: Prepared['records'];
}

/**
 * Reads the images of a case and takes them through a recipe's steps.
 *
 * @param paths - Files by image name; the first one's grid is the target.
 * @throws HecktorError as reading and each step do.
 */
export function prepareCase(
  paths: Readonly<Record<string, string>>,
  recipe: ImageRecipe,
  context: RunContext,
): Promise<PreparedCase> {
  return prepareImages(() => readCase(paths, context), recipe, context);
}

/**
 * Takes the images of a case through a recipe's steps. All three tasks begin here.
 *
 * @param read - Gives the images; the first one's grid is the target. What it read itself can be
 * freed before the tensor is made.
 * @throws HecktorError as reading and each step do.
 */
export async function prepareImages(
  read: () => CaseImages | Promise<CaseImages>,
  recipe: ImageRecipe,
  context: RunContext,
): Promise<PreparedCase> {
  const { prepared, target } = await readAndPreprocess(read, recipe, context);
  const tensor = await context.timer.time('preprocessing', () => toTensor(prepared, recipe.tensor));
  return { tensor, grid: prepared.grid, target, records: prepared.records };
}

/** A function of its own, so that the images it read can be freed as soon as it returns. */
async function readAndPreprocess(
  read: () => CaseImages | Promise<CaseImages>,
  recipe: ImageRecipe,
  context: RunContext,
): Promise<{ prepared: Prepared; target: Grid }> {
  const images = await read();
  const { size, spacing, origin, direction } = Object.values(images)[0]!;
  const { run, log } = context;
  const steps = recipe.preprocessing;
  const prepared = await context.timer.time('preprocessing', () =>
    preprocess(images, steps, {
      ...(run !== undefined && { run }),
      onProgress: (step, fraction) => {
        log.debug('preprocessing', { step });
        context.onProgress('preprocessing', fraction);
      },
    }),
  );
  log.info('preprocessed', { steps: steps.map(({ step }) => step), size: prepared.grid.size });
  return { prepared, target: { size, spacing, origin, direction } };
}
