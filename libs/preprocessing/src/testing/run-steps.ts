import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { createEngine } from '../engine.ts';
import type { KernelRunner } from '../kernels/kernel-job.ts';
import { readImage } from '../lazy-image.ts';
import { applySteps } from '../preprocess.ts';
import type { StepConfig } from '../steps/index.ts';
import { toTensor, type TensorLayout } from '../tensor.ts';

/** Runs recipe entries as they stand in a recipe, defaults left out, and reads the images. */
export async function runSteps(
  images: Readonly<Record<string, Volume<NumericVoxelArray>>>,
  steps: readonly ({ readonly step: string } & Readonly<Record<string, unknown>>)[],
  run?: KernelRunner,
) {
  const engine = createEngine(run);
  // What is left out or wrong is found when the steps are checked.
  const stepped = await applySteps(images, steps as unknown as readonly StepConfig[], engine);
  const { grid, records } = stepped;
  const volumes: Record<string, Volume<Float32Array>> = {};
  for (const [name, image] of stepped.images) {
    volumes[name] = { ...grid, data: await readImage(image, engine) };
  }
  const tensor = (layout: TensorLayout) => toTensor(stepped.images, layout, engine);
  return { images: volumes, grid, records, tensor };
}
