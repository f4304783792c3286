import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { preprocess } from '../preprocess.ts';
import type { Prepared } from '../types.ts';
import type { StepConfig } from '../steps/index.ts';

/** Runs recipe entries as they stand in a recipe, defaults left out. */
export function runSteps(
  images: Readonly<Record<string, Volume<NumericVoxelArray>>>,
  steps: readonly ({ readonly step: string } & Readonly<Record<string, unknown>>)[],
  context: Parameters<typeof preprocess>[2] = {},
): Promise<Prepared> {
  // What is left out or wrong is found when the steps are checked.
  return preprocess(images, steps as unknown as readonly StepConfig[], context);
}
