import { keepLargestComponent, mapClasses, removeSmallComponents } from '@hecktor/postprocessing';
import type { Volume } from '@hecktor/volume';
import type { PostprocessingStep } from '@hecktor/recipe';

/** Applies a recipe's postprocessing steps to a label map, in order. */
export function postprocess(
  labels: Volume<Uint8Array>,
  steps: readonly PostprocessingStep[],
): Volume<Uint8Array> {
  return steps.reduce(applyStep, labels);
}

function applyStep(labels: Volume<Uint8Array>, step: PostprocessingStep): Volume<Uint8Array> {
  switch (step.step) {
    case 'map-classes':
      return { ...labels, data: mapClasses(labels.data, step.to) };
    case 'remove-small-components':
      return removeSmallComponents(labels, { ...step, connectivity: step.connectivity ?? 26 });
    case 'keep-largest-component':
      return keepLargestComponent(labels, { ...step, connectivity: step.connectivity ?? 26 });
  }
}
