import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';
import type { EngineModel, Feeds } from './engine.ts';
import { describeDims, dimsFit, type TensorInfo } from './model-fits.ts';

/** A loaded model. */
export interface OnnxModel {
  /** The model's path, for messages. */
  readonly file: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs a model of one input and gives its first expected output.
   *
   * @throws HecktorError as {@link OnnxModel.runNamed} does.
   */
  run(input: Tensor): Promise<Tensor>;
  /**
   * Runs the model on named inputs and gives its expected outputs (all without expectation).
   * Computing blocks the thread until it is done.
   *
   * @throws HecktorError MODEL_MISMATCH for inputs that do not fit; MODEL_OUTPUT_INVALID for a NaN
   * or an infinity; OUT_OF_MEMORY; MODEL_INVALID when it cannot be run; INVALID_ARGUMENT after
   * release.
   */
  runNamed(inputs: Feeds): Promise<Record<string, Tensor>>;
  /** Frees the model's memory; it cannot be run any more. May be called again. */
  release(): Promise<void>;
}

/** Puts the checks around an engine's model; `fetches` are the outputs to compute. */
export function wrapModel(model: EngineModel, file: string, fetches: readonly string[]): OnnxModel {
  const { inputs, outputs } = model;
  let released = false;

  async function runNamed(feeds: Feeds): Promise<Record<string, Tensor>> {
    if (released) {
      throw new HecktorError('INVALID_ARGUMENT', { file, detail: 'the model was released' });
    }
    assertFeeds(file, inputs, feeds);
    const plain = Object.entries(feeds).map(([name, { data, dims }]): [string, Tensor] => [
      name,
      { data: unshared(data), dims },
    ]);
    const results = await model.run(Object.fromEntries(plain), fetches);
    return Object.fromEntries(
      fetches.map((name) => {
        const { data, dims, type } = results[name]!;
        if (type !== 'float32') {
          throw new HecktorError('MODEL_MISMATCH', {
            file,
            detail: `expected output '${name}' to be float32, got ${type}`,
          });
        }
        const tensor = { data: data as Float32Array, dims };
        assertFinite(tensor, file, name);
        return [name, tensor];
      }),
    );
  }

  return {
    ...{ file, inputs, outputs, runNamed },
    async run(input) {
      if (inputs.length !== 1) {
        throw new HecktorError('INVALID_ARGUMENT', {
          file,
          detail: `run() is for models of one input, this one has ${inputs.length}`,
        });
      }
      const results = await runNamed({ [inputs[0]!.name]: input });
      return results[fetches[0]!]!;
    },
    async release() {
      if (released) return;
      released = true;
      await model.release();
    },
  };
}

function assertFeeds(file: string, inputs: readonly TensorInfo[], feeds: Feeds): void {
  for (const { name, dims } of inputs) {
    const feed = feeds[name];
    const got = feed === undefined ? 'nothing' : describeDims(feed.dims);
    const fits =
      feed !== undefined &&
      dimsFit(dims, feed.dims) &&
      feed.data.length === feed.dims.reduce((product, n) => product * n, 1);
    if (fits) continue;
    throw new HecktorError('MODEL_MISMATCH', {
      file,
      detail: `expected input '${name}' to have the shape ${describeDims(dims)}, got ${got}`,
    });
  }
}

/** Engines take no shared memory: a copy of data that sits there, else the data itself. */
function unshared(data: Float32Array): Float32Array {
  return data.buffer instanceof ArrayBuffer ? data : new Float32Array(data);
}

/**
 * Throws when a model's output holds a NaN or an infinity.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID with how many there are, never their neighbours' values.
 */
export function assertFinite(tensor: Tensor, file: string, name: string): void {
  const { data } = tensor;
  // v - v is 0 for finite values and NaN for all others: one pass without a branch.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += data[i]! - data[i]!;
  if (zero === 0) return;
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    file,
    detail: `${count} of ${data.length} values of output '${name}' are NaN or infinite`,
  });
}
