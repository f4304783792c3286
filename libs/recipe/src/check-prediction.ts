import { imagesOfStep } from './check-image-names.ts';
import { checkFeatures } from './check-features.ts';
import { isComputed } from './computed-features.ts';
import type { HeadKind } from './head-schema.ts';
import type { PredictionRecipe } from './prediction-schema.ts';

/** What an app takes of what a prediction recipe may say. */
export interface PredictionApp {
  /** Name of the app, e.g. `task2`. */
  readonly name: string;
  readonly heads: readonly HeadKind[];
  /** Names of the images beyond CT and PET that the challenge gives this task. */
  readonly inputs: readonly string[];
}

/**
 * Faults between the parts of a prediction recipe.
 *
 * @param app - Absent: what the recipe is used by is not checked.
 * @returns One sentence per fault.
 */
export function checkPrediction(recipe: PredictionRecipe, app?: PredictionApp): string[] {
  return [
    ...(app === undefined ? [] : checkApp(recipe, app)),
    ...checkFeatures(recipe),
    ...checkUse(recipe),
  ];
}

function checkApp({ head, inputs = {} }: PredictionRecipe, app: PredictionApp): string[] {
  const faults: string[] = [];
  if (!app.heads.includes(head.kind)) {
    faults.push(`head.kind is "${head.kind}", ${app.name} takes ${app.heads.join(' or ')}`);
  }
  for (const name of Object.keys(inputs)) {
    if (!app.inputs.includes(name))
      faults.push(`inputs has "${name}", which ${app.name} never gets`);
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
