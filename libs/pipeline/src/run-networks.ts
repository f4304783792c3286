import type { Tensor } from '@hecktor/volume';
import type { ExpectedTensor } from '@hecktor/onnx';
import { HecktorError } from '@hecktor/errors';
import { openNetwork } from './open-network.ts';
import { outputWidth, type LoadedRecipe, type PredictionModelEntry } from '@hecktor/recipe';
import type { RunContext } from './run-context.ts';

/** What networks may be given. */
export interface NetworkInputs {
  /** (1, C, a, b, c); undefined when no network takes it. */
  readonly image: Tensor | undefined;
  /** (1, F); undefined when the recipe has no features. */
  readonly features: Tensor | undefined;
}

/**
 * Runs every network of a recipe once, one loaded after the other has been released.
 *
 * @returns Their outputs in the order of the recipe, all numbers finite.
 * @throws HecktorError as opening and running a model do.
 */
export async function runNetworks(
  given: NetworkInputs,
  { recipe, models, survival }: LoadedRecipe<'prediction'>,
  context: RunContext,
): Promise<Float32Array[]> {
  const outputs: Float32Array[] = [];
  for (const [i, file] of models.entries()) {
    const entry = recipe.models[i]!;
    const feeds = feedsOf(entry, given);
    const width = outputWidth(recipe.head, survival?.model.folds[i]?.bag.features);
    const expectOutput = { name: entry.output, dims: [1, width] };
    const model = await openNetwork(file, { number: i + 1, of: models.length }, context, {
      once: true,
      expectInput: Object.entries(feeds).map(([name, { dims }]): ExpectedTensor => ({
        name,
        dims,
      })),
      expectOutput,
    });
    try {
      const results = await context.timer.time('inference', () => model.runNamed(feeds));
      const { data, dims } = results[entry.output]!;
      // Axes that the model leaves open are known only now.
      if (width !== null && data.length !== width) {
        throw new HecktorError('MODEL_MISMATCH', {
          file: model.file,
          detail: `expected output '${entry.output}' to have ${width} numbers, got [${dims.join(', ')}]`,
        });
      }
      outputs.push(Float32Array.from(data));
    } finally {
      await model.release();
    }
    context.onProgress('inference', (i + 1) / models.length);
  }
  return outputs;
}

function feedsOf(
  { inputs }: PredictionModelEntry,
  given: NetworkInputs,
): Readonly<Record<string, Tensor>> {
  return {
    ...(inputs.image !== undefined && { [inputs.image]: given.image! }),
    ...(inputs.features !== undefined && { [inputs.features]: given.features! }),
  };
}
