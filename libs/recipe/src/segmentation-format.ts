import { HecktorError } from '@hecktor/errors';
import type { PostprocessingRule } from '@hecktor/postprocessing';
import { checkCommon } from './check-recipe.ts';
import type { ExpectedModel, LoadedRecipe, RecipeFormat } from './recipe-format.ts';
import { SegmentationRecipeSchema } from './segmentation-schema.ts';

/** Recipes whose networks segment. */
export const SEGMENTATION: RecipeFormat<'segmentation'> = {
  kind: 'segmentation',
  schema: SegmentationRecipeSchema,
  check: checkCommon,
  loadParts: async () => ({}),
  expectedModel,
};

function expectedModel(
  { recipe }: Pick<LoadedRecipe<'segmentation'>, 'recipe'>,
  index: number,
): ExpectedModel {
  const { input, output } = recipe.models[index]!;
  const { roi } = recipe.inference;
  return {
    inputs: [{ name: input, dims: [null, recipe.tensor.channels.length, ...roi] }],
    outputs: [{ name: output, dims: [null, null, ...roi] }],
  };
}

/** A label of a task's output. */
export interface Label {
  readonly name: string;
  readonly value: number;
}

/** Labels of the challenge, for where no task states its own. */
const CHALLENGE_LABELS: readonly Label[] = [
  { name: 'GTVp', value: 1 },
  { name: 'GTVn', value: 2 },
];

/**
 * Throws unless the classes of a network, taken through the class maps of a recipe, end as
 * background or labels of the task.
 *
 * @param labels - What the task's labels mean; 0 is background.
 * @returns One sentence for each label that can never come out.
 * @throws HecktorError MODEL_MISMATCH
 */
export function checkClasses(
  classes: number,
  steps: readonly PostprocessingRule[],
  labels: readonly Label[] = CHALLENGE_LABELS,
): string[] {
  const names = labels.map(({ name }) => name).join(' and ');
  if (classes < 2) {
    throw new HecktorError('MODEL_MISMATCH', {
      detail: 'the network has one class, so its largest logit says nothing',
      cause: 'a network with a single sigmoid output',
      fix: `export a network with one output for each of background, ${names.replace(' and ', ', ')}`,
    });
  }
  let values = Array.from({ length: classes }, (_, i) => i);
  for (const step of steps) {
    if (step.step !== 'map-classes') continue;
    const uncovered = values.find((value) => value >= step.to.length);
    if (uncovered !== undefined) {
      throw new HecktorError('MODEL_MISMATCH', {
        detail: `map-classes has no label for class ${uncovered}, its "to" has ${step.to.length}`,
        fix: `give "to" of map-classes one label for each of the ${classes} classes`,
      });
    }
    values = [...new Set(values.map((value) => step.to[value]!))];
  }
  const known = labels.map(({ value }) => value);
  if (values.some((value) => value !== 0 && !known.includes(value))) {
    const wanted = labels.map(({ name, value }) => `${value} (${name})`).join(' and ');
    throw new HecktorError('MODEL_MISMATCH', {
      detail: `the ${classes} classes of the network end as the labels ${values.join(', ')}`,
      cause: `the network was trained with other classes than background, ${names}`,
      fix: `add a map-classes step whose labels are 0, ${wanted}`,
    });
  }
  return labels
    .filter(({ value }) => !values.includes(value))
    .map(
      ({ name, value }) =>
        `the network has ${classes} classes, so no voxel can ever be ${value} (${name})`,
    );
}
