import type { Log } from '@hecktor/runtime';
import type { LoadedRecipe } from '../recipe/load-recipe.ts';
import type { RecipeTask } from '../recipe/recipe-schema.ts';

/** Says which recipe runs, so that a log tells what made an output. */
export function logRecipe(loaded: LoadedRecipe<RecipeTask>, log: Log): void {
  const { file, recipe, sha256, models } = loaded;
  log.info('recipe loaded', { name: recipe.name, file, sha256, models: models.length });
}
