import { featureNames } from '@hecktor/clinical';
import { parseCoxModel, parseTreeEnsemble } from '@hecktor/survival';
import { HecktorError } from '@hecktor/errors';
import type { HeadOf } from './head-schema.ts';
import { digestOf, modelMissing, readResource } from './model-file.ts';
import type { HeadLoader } from './prediction-format.ts';
import type { LoadedFile } from './recipe-format.ts';
import { findResource, type ResourceFolders } from './resource-file.ts';
import { vectorWidth, type Stage } from './stages.ts';

const ORDER = 'give the recipe the features that the model was fitted on, in the same order';

/**
 * Reads the models of the head `cox`.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND; SURVIVAL_MODEL_INVALID; RECIPE_INVALID for one that takes
 * another vector than the stage makes.
 */
export const loadCox: HeadLoader = (folders, stage) => {
  const { files } = stage.head as HeadOf<'cox'>;
  const read = (bytes: Buffer, file: string) => parseCoxModel(bytes.toString('utf8'), { file });
  return {
    cox: files.map((name) =>
      load(folders, name, stage, read, ({ features }) => features.map((one) => one.name)),
    ),
  };
};

/**
 * Reads the models of the head `survival-trees`.
 *
 * @throws HecktorError as {@link loadCox} does.
 */
export const loadTrees: HeadLoader = (folders, stage) => {
  const { files } = stage.head as HeadOf<'survival-trees'>;
  const open = stage.features.find((one) => one.encode === 'number' && one.missing === null);
  const read = (bytes: Buffer, file: string) => {
    const model = parseTreeEnsemble(bytes, { file });
    if (open === undefined || model.missing) return model;
    throw new HecktorError('RECIPE_INVALID', {
      file,
      detail: `its trees know no missing values, but "missing" of "${open.of}" is null`,
      fix: 'write what stood for a missing value in training',
    });
  };
  return {
    trees: files.map((name) => load(folders, name, stage, read, ({ features }) => features)),
  };
};

function load<M>(
  folders: ResourceFolders,
  name: string,
  stage: Stage,
  read: (bytes: Buffer, file: string) => M,
  namesOf: (model: M) => readonly string[],
): LoadedFile<M> {
  const loaded = loadFitted(folders, name, read);
  const names = namesOf(loaded.model);
  assertVector(stage, loaded.file, names.length);
  // Names may be a team's own, but one that both know has to be the same feature.
  const made = featureNames(stage.features);
  const at = names.findIndex((one, i) => one !== made[i] && made.includes(one));
  if (at === -1) return loaded;
  throw new HecktorError('RECIPE_INVALID', {
    file: loaded.file,
    detail: `its feature ${at + 1} is "${names[at]}", that of the recipe is "${made[at]}"`,
    cause: 'the features are in another order',
    fix: ORDER,
  });
}

/**
 * Reads a fitted model that a head names.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND; as `read` does.
 */
export function loadFitted<M>(
  folders: ResourceFolders,
  name: string,
  read: (bytes: Buffer, file: string) => M,
): LoadedFile<M> {
  const file = findResource(folders, name);
  if (file === undefined) throw modelMissing(folders, name);
  const bytes = readResource(file, 'survival model');
  return { model: read(bytes, file), file, sha256: digestOf(bytes) };
}

/**
 * Throws unless the vector of a stage has as many numbers as a fitted model takes.
 *
 * @throws HecktorError RECIPE_INVALID
 */
export function assertVector(stage: Stage, file: string, takes: number): void {
  const width = vectorWidth(stage);
  if (takes === width) return;
  throw new HecktorError('RECIPE_INVALID', {
    file,
    detail: `it takes ${takes} features, "features" of the recipe makes ${width} numbers`,
    cause: 'files of two different exports',
    fix: ORDER,
  });
}
