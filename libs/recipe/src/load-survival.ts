import { HecktorError } from '@hecktor/errors';
import { parseSurvivalModel } from '@hecktor/survival';
import { digestOf, modelMissing, readResource } from './model-file.ts';
import { predictionFormat } from './prediction-format.ts';
import type { LoadedSurvival } from './recipe-format.ts';
import { findResource, type ResourceFolders } from './resource-file.ts';

/**
 * Reads the survival model of the head `icare`.
 *
 * @param networks - How many networks the recipe has; each needs its fold.
 * @throws HecktorError MODEL_FILE_NOT_FOUND; RECIPE_INVALID when folds and networks differ in
 * number; as parsing the model does.
 */
export function loadSurvival(
  folders: ResourceFolders,
  name: string,
  networks: number,
): LoadedSurvival {
  const file = findResource(folders, name);
  if (file === undefined) throw modelMissing(folders, name);
  const text = readResource(file, 'survival model');
  const model = parseSurvivalModel(text.toString('utf8'), { file });
  if (model.folds.length !== networks) {
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `it has ${model.folds.length} folds, the recipe has ${networks} models`,
      cause: 'files of two different exports',
      fix: 'give the recipe one model for each fold of the survival model, in the same order',
    });
  }
  return { model, file, sha256: digestOf(text) };
}

/** Prediction recipes with any head. */
export const PREDICTION = predictionFormat(loadSurvival);
