import { HecktorError } from '@hecktor/errors';
import type { Predictor } from '@hecktor/inference';
import { checkModelFile } from './check-model-file.ts';
import type { ModelEngine } from './engine.ts';
import { assertModelFits, type ExpectedTensor } from './model-fits.ts';
import { wrapModel, type OnnxModel } from './onnx-model.ts';
import { ONNX_RUNTIME } from './onnx-runtime.ts';

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  /** Threads for the operators, >= 1: the CPUs that the container was given. */
  readonly threads: number;
  /** What runs the model. Default: ONNX Runtime. */
  readonly engine?: ModelEngine;
  /** The model runs only once, and must give the same bytes for any `threads`. Default: false. */
  readonly once?: boolean;
  /** The inputs the recipe names, all of them; absent: not checked. */
  readonly expectInput?: ExpectedTensor | readonly ExpectedTensor[];
  /** The outputs the recipe names; the model may have others, which are not computed. */
  readonly expectOutput?: ExpectedTensor | readonly ExpectedTensor[];
}

/**
 * Loads an ONNX model for the CPU. Weights may lie in the file or beside it, nowhere else.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND for a missing model or data file; MODEL_INVALID for a
 * file that is damaged, not ONNX, refers to data outside its folder or needs unknown operators;
 * MODEL_MISMATCH for names, types (float32 alone is taken) or shapes that differ from the recipe;
 * OUT_OF_MEMORY; INVALID_ARGUMENT for unfit `threads`; what the engine throws when it cannot be
 * loaded, ONNX_RUNTIME_UNAVAILABLE for ONNX Runtime.
 */
export async function openModel(path: string, options: OpenModelOptions): Promise<OnnxModel> {
  const file = path;
  const { threads, engine = ONNX_RUNTIME, once = false } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `threads: expected a whole number >= 1, got ${threads}`,
    });
  }
  const model = await engine.load(await checkModelFile(path), { file, threads, once });
  try {
    const expectedInputs = listOf(options.expectInput);
    const expectedOutputs = listOf(options.expectOutput);
    assertModelFits(file, 'input', expectedInputs, model.inputs);
    assertModelFits(file, 'output', expectedOutputs, model.outputs);
    await model.prepare?.(expectedInputs);
    const fetches = expectedOutputs.length > 0 ? expectedOutputs : model.outputs;
    return wrapModel(
      model,
      file,
      fetches.map(({ name }) => name),
    );
  } catch (error) {
    await model.release();
    throw error;
  }
}

function listOf(expected: OpenModelOptions['expectInput']): readonly ExpectedTensor[] {
  if (expected === undefined) return [];
  return Array.isArray(expected)
    ? (expected as readonly ExpectedTensor[])
    : [expected as ExpectedTensor];
}

/**
 * The predictor that a model is for `slidingWindowInference`. A model exported for one window at
 * a time is run once per window, whatever the number of windows in a batch.
 */
export function createPredictor(model: OnnxModel): Predictor {
  return async (windows) => {
    const [count = 1, ...shape] = windows.dims;
    if (count === 1 || model.inputs[0]?.dims[0] !== 1) return model.run(windows);
    const length = windows.data.length / count;
    let all = new Float32Array(0);
    let dims: readonly number[] = [];
    for (let i = 0; i < count; i++) {
      const data = windows.data.subarray(i * length, (i + 1) * length);
      const result = await model.run({ data, dims: [1, ...shape] });
      if (i === 0) {
        all = new Float32Array(result.data.length * count);
        dims = [count, ...result.dims.slice(1)];
      }
      all.set(result.data, i * result.data.length);
    }
    return { data: all, dims };
  };
}
