import { HecktorError } from '@hecktor/errors';
import { parseSurvivalModel } from '@hecktor/survival';
import type { HeadOf } from './head-schema.ts';
import { assertVector, loadCox, loadFitted, loadTrees } from './load-tabular.ts';
import { predictionFormat, type HeadLoader } from './prediction-format.ts';

/**
 * Reads the survival model of the head `icare`.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND; RECIPE_INVALID when folds and networks differ in
 * number, or a fold takes another vector than the recipe makes; as parsing the model does.
 */
export const loadSurvival: HeadLoader = (folders, stage) => {
  const { file: name } = stage.head as HeadOf<'icare'>;
  const networks = stage.models.length;
  const survival = loadFitted(folders, name, (bytes, path) =>
    parseSurvivalModel(bytes.toString('utf8'), { file: path }),
  );
  const { model, file } = survival;
  if (networks === 0) {
    for (const { bag } of model.folds) assertVector(stage, file, bag.features);
  } else if (model.folds.length !== networks) {
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `it has ${model.folds.length} folds, the recipe has ${networks} models`,
      cause: 'files of two different exports',
      fix: 'give the recipe one model for each fold of the survival model, in the same order',
    });
  }
  return { survival };
};

/** Prediction recipes with any head. */
export const PREDICTION = predictionFormat({
  ...{ icare: loadSurvival, cox: loadCox, 'survival-trees': loadTrees },
});
