import { imagesOfStep } from './check-recipe.ts';
import { checkFeatures } from './check-features.ts';
import { isComputed } from './computed-features.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { RecipeTask } from './recipe-format.ts';

/**
 * Faults between the parts of a prediction recipe.
 *
 * @param task - Absent: what the recipe is used by is not checked.
 * @returns One sentence per fault.
 */
export function checkPrediction(recipe: PredictionRecipe, task?: RecipeTask): string[] {
  return [
    ...(task === undefined ? [] : checkTask(recipe, task)),
    ...checkFeatures(recipe),
    ...checkUse(recipe),
  ];
}

function checkTask({ head, inputs = {} }: PredictionRecipe, task: RecipeTask): string[] {
  const faults: string[] = [];
  const heads = task.recipe.kind === 'prediction' ? task.recipe.heads : [];
  if (!heads.includes(head.kind)) {
    faults.push(`head.kind is "${head.kind}", ${task.name} takes ${heads.join(' or ')}`);
  }
  const given = task.inputs.filter(({ kind }) => kind === 'image').map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!given.includes(name)) {
      faults.push(`inputs has "${name}", which ${task.name} never gets`);
    }
  }
  return faults;
}

/** What is declared and used by nothing, and the other way round. */
function checkUse(recipe: PredictionRecipe): string[] {
  const { features = [], models, tensor, inputs = {}, segmentation, preprocessing } = recipe;
  const faults: string[] = [];
  const takesFeatures = models.some((model) => model.inputs.features !== undefined);
  if (takesFeatures && features.length === 0) {
    faults.push('a model has an input for features, but the recipe has no "features"');
  }
  if (!takesFeatures && features.length > 0) {
    faults.push('the recipe has "features", but no entry of models has "inputs.features"');
  }
  if (segmentation !== undefined && !features.some(({ of }) => isComputed(of))) {
    faults.push('"segmentation" would run for nothing: no feature is a mask.* or dose.* one');
  }
  const used = new Set<unknown>([
    ...tensor.channels,
    ...preprocessing.flatMap(imagesOfStep).map(({ name }) => name),
    ...(features.some(({ of }) => of.startsWith('dose.')) ? ['rt-dose'] : []),
  ]);
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (!used.has(name)) {
      faults.push(`inputs has "${name}", but no channel, step or feature uses it`);
    }
    if (absent !== 'error' && !Number.isFinite(Math.fround(absent))) {
      faults.push(`inputs.${name}.absent is ${absent}, which float32 cannot hold`);
    }
  }
  return faults;
}
