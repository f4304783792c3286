import { HecktorError } from '@hecktor/errors';
import { imagesOfRule } from '@hecktor/postprocessing';
import { checkImages, checkSettings, checkWeights } from './check-recipe.ts';
import { checkSegmentation } from './check-segmentation.ts';
import { loadNestedRecipe } from './load-recipe.ts';
import type { ExpectedModel, LoadedRecipe, RecipeFormat } from './recipe-format.ts';
import { SegmentationRecipeSchema, type SegmentationRecipe } from './segmentation-schema.ts';

/** Recipes whose networks segment. */
export const SEGMENTATION: RecipeFormat<'segmentation'> = {
  kind: 'segmentation',
  schema: SegmentationRecipeSchema,
  check: (recipe, task) => [
    ...checkImages(
      recipe,
      task,
      recipe.cascade === undefined ? [] : [recipe.cascade.image],
      recipe.postprocessing.flatMap((rule, i) =>
        imagesOfRule(rule).map((name) => ({
          name,
          place: `postprocessing[${i}] (${rule.step}).image`,
        })),
      ),
    ),
    ...checkWeights(recipe.models),
    ...checkSettings(recipe),
    ...checkSegmentation(recipe),
  ],
  modelsOf: ({ models }) => models,
  loadParts: async (folders, { cascade }) =>
    cascade === undefined
      ? {}
      : { segmentation: await loadNestedRecipe(folders, FIRST_STAGE, cascade.recipe) },
  expectedModel,
};

/** The recipe that a cascade runs first. */
const FIRST_STAGE: RecipeFormat<'segmentation'> = {
  ...SEGMENTATION,
  check: (recipe, task) => [
    ...SEGMENTATION.check(recipe, task),
    ...(recipe.cascade === undefined
      ? []
      : ['it has a "cascade" of its own, but is the first stage of one: a cascade has two stages']),
  ],
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
 * The labels that the first stage of a cascade may give: those that the second one sees as channels.
 *
 * @returns Undefined where the second stage takes the label map as it is.
 */
export function cascadeLabels({
  cascade,
  preprocessing,
}: Pick<SegmentationRecipe, 'cascade' | 'preprocessing'>): readonly Label[] | undefined {
  const image = cascade?.image;
  const oneHot = preprocessing.find((entry) => entry.step === 'one-hot' && entry.image === image);
  if (oneHot?.step !== 'one-hot') return undefined;
  return oneHot.labels.map((value) => ({ name: `${image}-${value}`, value }));
}

/**
 * Throws unless the outputs of a network, by argmax or as regions, and taken through the class maps
 * of a recipe, end as background or labels of the task.
 *
 * @param labels - What the task's labels mean; 0 is background.
 * @returns One sentence for each label that can never come out.
 * @throws HecktorError MODEL_MISMATCH
 */
export function checkClasses(
  classes: number,
  { postprocessing, regions }: Pick<SegmentationRecipe, 'postprocessing' | 'regions'>,
  labels: readonly Label[] = CHALLENGE_LABELS,
): string[] {
  const names = labels.map(({ name }) => name).join(' and ');
  if (regions !== undefined && classes !== regions.length) {
    throw new HecktorError('MODEL_MISMATCH', {
      detail: `the network has ${classes} outputs, "regions" of the recipe has ${regions.length} labels`,
      cause: 'a network of another training, or one that was trained on labels, not on regions',
      fix: 'give "regions" one label for each output, or remove it to take the largest logit',
    });
  }
  if (regions === undefined && classes < 2) {
    throw new HecktorError('MODEL_MISMATCH', {
      detail: 'the network has one class, so its largest logit says nothing',
      cause: 'a network with a single sigmoid output',
      fix: `export a network with one output for each of background, ${names.replace(' and ', ', ')}`,
    });
  }
  const what = regions === undefined ? 'classes' : 'regions';
  let values = regions === undefined ? [...Array(classes).keys()] : [...new Set([0, ...regions])];
  for (const step of postprocessing) {
    if (step.step !== 'map-classes') continue;
    const uncovered = values.find((value) => value >= step.to.length);
    if (uncovered !== undefined) {
      throw new HecktorError('MODEL_MISMATCH', {
        detail: `map-classes has no label for class ${uncovered}, its "to" has ${step.to.length}`,
        fix: `give "to" of map-classes one label for each class from 0 to ${Math.max(...values)}`,
      });
    }
    values = [...new Set(values.map((value) => step.to[value]!))];
  }
  const known = labels.map(({ value }) => value);
  if (values.some((value) => value !== 0 && !known.includes(value))) {
    const wanted = labels.map(({ name, value }) => `${value} (${name})`).join(' and ');
    throw new HecktorError('MODEL_MISMATCH', {
      detail: `the ${classes} ${what} of the network end as the labels ${values.join(', ')}`,
      cause: `the network was trained with other classes than background, ${names}`,
      fix: `add a map-classes step whose labels are 0, ${wanted}`,
    });
  }
  return labels
    .filter(({ value }) => !values.includes(value))
    .map(
      ({ name, value }) =>
        `the network has ${classes} ${what}, so no voxel can ever be ${value} (${name})`,
    );
}
