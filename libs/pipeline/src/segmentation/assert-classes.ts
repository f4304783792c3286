import { HecktorError } from '@hecktor/errors';
import type { PostprocessingStep } from '@hecktor/recipe';

/** Labels that the challenge knows: background, GTVp, GTVn. */
const MAX_LABEL = 2;

/**
 * Throws unless the classes of a network, taken through the class maps of a recipe, end as labels
 * 0, 1 and 2. It is called after the first window, so that a misfit costs seconds, not minutes.
 *
 * @throws HecktorError MODEL_MISMATCH
 */
export function assertClasses(classes: number, steps: readonly PostprocessingStep[]): void {
  if (classes < 2) {
    throw new HecktorError('MODEL_MISMATCH', {
      detail: 'the network has one class, so its largest logit says nothing',
      cause: 'a network with a single sigmoid output',
      fix: 'export a network with one output for each of background, GTVp and GTVn',
    });
  }
  let labels = Array.from({ length: classes }, (_, i) => i);
  for (const step of steps) {
    if (step.step !== 'map-classes') continue;
    const uncovered = labels.find((label) => label >= step.to.length);
    if (uncovered !== undefined) {
      throw new HecktorError('MODEL_MISMATCH', {
        detail: `map-classes has no label for class ${uncovered}, its "to" has ${step.to.length}`,
        fix: `give "to" of map-classes one label for each of the ${classes} classes`,
      });
    }
    labels = [...new Set(labels.map((label) => step.to[label]!))];
  }
  const unknown = labels.filter((label) => label > MAX_LABEL);
  if (unknown.length > 0) {
    throw new HecktorError('MODEL_MISMATCH', {
      detail: `the ${classes} classes of the network end as the labels ${labels.join(', ')}`,
      cause: 'the network was trained with other classes than background, GTVp and GTVn',
      fix: 'add a map-classes step whose labels are 0, 1 (GTVp) and 2 (GTVn)',
    });
  }
}
