import { HecktorError } from '@hecktor/errors';
import { parseSurvivalModel } from '@hecktor/survival';
import { digestOf, modelMissing, readResource } from './model-file.ts';
import type { HeadOf } from './head-schema.ts';
import { predictionFormat, type HeadLoader } from './prediction-format.ts';
import { findResource } from './resource-file.ts';
import { vectorWidth, type Stage } from './stages.ts';

/**
 * Reads the survival model of the head `icare`.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND; RECIPE_INVALID when folds and networks differ in
 * number, or a fold takes another vector than the recipe makes; as parsing the model does.
 */
export const loadSurvival: HeadLoader = (folders, stage) => {
  const { file: name } = stage.head as HeadOf<'icare'>;
  const networks = stage.models.length;
  const file = findResource(folders, name);
  if (file === undefined) throw modelMissing(folders, name);
  const text = readResource(file, 'survival model');
  const model = parseSurvivalModel(text.toString('utf8'), { file });
  if (networks === 0) assertVector(stage, file, model.folds.map(({ bag }) => bag.features));
  else if (model.folds.length !== networks) {
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `it has ${model.folds.length} folds, the recipe has ${networks} models`,
      cause: 'files of two different exports',
      fix: 'give the recipe one model for each fold of the survival model, in the same order',
    });
  }
  return { survival: { model, file, sha256: digestOf(text) } };
};

/**
 * Throws unless the vector of a stage has as many numbers as its fitted models take.
 *
 * @throws HecktorError RECIPE_INVALID
 */
function assertVector(stage: Stage, file: string, takes: readonly number[]): void {
  const width = vectorWidth(stage);
  const other = takes.find((count) => count !== width);
  if (other === undefined) return;
  throw new HecktorError('RECIPE_INVALID', {
    file,
    detail: `it takes ${other} features, "features" of the recipe makes ${width} numbers`,
    cause: 'files of two different exports',
    fix: 'give the recipe the features that the model was fitted on, in the same order',
  });
}

/** Prediction recipes with any head. */
export const PREDICTION = predictionFormat({ icare: loadSurvival });
