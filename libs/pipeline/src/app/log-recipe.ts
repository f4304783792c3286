import type { Log } from '@hecktor/runtime';
import type { LoadedRecipe } from '@hecktor/recipe';
import type { RecipeKind } from '@hecktor/recipe';

/** Says which recipe runs, so that a log tells what made an output. */
export function logRecipe(loaded: LoadedRecipe<RecipeKind>, log: Log): void {
  const { file, recipe, sha256, models, survival, segmentation } = loaded;
  log.info('recipe loaded', {
    ...{ name: recipe.name, for: recipe.kind, file, sha256, models: models.length },
  });
  if (survival !== undefined) {
    const { file, sha256, model } = survival;
    log.info('survival model loaded', { file, sha256, folds: model.folds.length });
  }
  if (segmentation !== undefined) logRecipe(segmentation, log);
}
