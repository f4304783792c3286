import { checkModelHeader, openModel, type OnnxModel, type OpenModelOptions } from '@hecktor/onnx';
import { openVino } from '@hecktor/openvino';
import {
  digestsOf,
  SEGMENTATION,
  type EngineSettings,
  type LoadedRecipe,
  type ModelFile,
  type RecipeFormat,
  type RecipeKind,
} from '@hecktor/recipe';
import { chooseEngine, thisMachine } from './choose-engine.ts';
import type { RunContext } from './run-context.ts';

/**
 * Compares the header of each network with the recipe before any image is read, also of what runs
 * first: opening the networks for it would load their weights twice.
 *
 * @throws HecktorError MODEL_MISMATCH
 */
export async function checkNetworks<K extends RecipeKind>(
  loaded: LoadedRecipe<K>,
  format: RecipeFormat<K>,
): Promise<void> {
  for (const [i, { path }] of loaded.models.entries()) {
    await checkModelHeader(path, format.expectedModel(loaded, i));
  }
  if (loaded.segmentation !== undefined) await checkNetworks(loaded.segmentation, SEGMENTATION);
}

/** What a recipe says of one of its networks. */
interface NetworkOptions extends Omit<OpenModelOptions, 'threads' | 'engine'> {
  /** What runs it. Default: ONNX Runtime. */
  readonly inference?: EngineSettings | undefined;
}

/**
 * Opens a network of an ensemble and logs which file it is, unless it is open from an earlier case.
 *
 * @param place - Its number, from 1, and how many there are; undefined: it has been logged before.
 * @throws HecktorError as opening a model does.
 */
export async function openNetwork(
  file: ModelFile,
  place: { readonly number: number; readonly of: number } | undefined,
  { threads, timer, log, networks }: Pick<RunContext, 'threads' | 'timer' | 'log' | 'networks'>,
  { inference = {}, ...expected }: NetworkOptions,
): Promise<OnnxModel> {
  const open = async (): Promise<OnnxModel> => {
    // They are for the log alone: whether the model can be read, opening it will show.
    const digests = place && digestsOf(file).catch(() => undefined);
    const { engine, precision } = chooseEngine(inference, thisMachine());
    const model = await openModel(file.path, {
      ...{ threads, ...expected },
      ...(engine === 'openvino' && { engine: openVino(precision) }),
    });
    if (place !== undefined) {
      const { bytes } = file;
      log.info('model loaded', { file: model.file, ...place, bytes, ...(await digests) });
    }
    return model;
  };
  const use = JSON.stringify([file.path, threads, expected, inference]);
  return timer.time('loading models', () => networks?.borrow(use, open) ?? open());
}
