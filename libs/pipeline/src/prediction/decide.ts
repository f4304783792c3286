import type { LoadedRecipe } from '@hecktor/recipe';
import type { RunContext } from '../segmentation/run-context.ts';
import { decideClass } from './decide-class.ts';
import { decideIcare } from './decide-icare.ts';
import { decideRisk } from './decide-risk.ts';

/** Outputs of the networks of a recipe and their weights, in its order. */
export interface Members {
  readonly outputs: readonly Float32Array[];
  readonly weights: readonly number[];
}

/** How many numbers each network of a recipe must give, by its head. */
export function outputWidths({ recipe, survival }: LoadedRecipe<'prediction'>): number[] {
  const { head, models } = recipe;
  if (head.kind === 'icare') return survival!.model.folds.map(({ bag }) => bag.features);
  return models.map(() => (head.kind === 'class' ? 2 : 1));
}

/**
 * The answer of a recipe: a risk, where higher is earlier recurrence, or a class.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID for a risk that is no finite number.
 */
export function decide(
  outputs: readonly Float32Array[],
  { recipe, survival }: LoadedRecipe<'prediction'>,
  { log }: Pick<RunContext, 'log'>,
): number | boolean {
  const members = { outputs, weights: recipe.models.map(({ weight }) => weight ?? 1) };
  const { head } = recipe;
  switch (head.kind) {
    case 'icare':
      return decideIcare(members, head, survival!, log);
    case 'risk':
      return decideRisk(members, head, log);
    case 'class':
      return decideClass(members, head, log);
  }
}
