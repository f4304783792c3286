import type { Predictor } from '@hecktor/inference';
import { assertModelFits, type ExpectedTensor, type TensorInfo } from './model-fits.ts';
import { checkModelFile } from './check-model-file.ts';
import { explainFailure } from './explain-failure.ts';
import { loadRuntime, type Session, sessionOptions } from './session.ts';
import { wrapSession, type OnnxModel } from './onnx-model.ts';

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  /** Threads for the operators, >= 1: the CPUs that the container was given. */
  readonly threads: number;
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
 * OUT_OF_MEMORY; ONNX_RUNTIME_UNAVAILABLE; INVALID_ARGUMENT for unfit `threads`.
 */
export async function openModel(path: string, options: OpenModelOptions): Promise<OnnxModel> {
  const file = path;
  const settings = sessionOptions(options.threads, options);
  const real = await checkModelFile(path);
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(real, settings).catch((error: unknown) => {
    throw explainFailure(error, file, 'load');
  });
  try {
    const inputs = tensorInfos(session.inputMetadata);
    const outputs = tensorInfos(session.outputMetadata);
    const expectedOutputs = listOf(options.expectOutput);
    assertModelFits(file, 'input', listOf(options.expectInput), inputs);
    assertModelFits(file, 'output', expectedOutputs, outputs);
    const fetches = (expectedOutputs.length > 0 ? expectedOutputs : outputs).map((o) => o.name);
    return wrapSession(runtime, session, { file, inputs, outputs }, fetches);
  } catch (error) {
    await session.release();
    throw error;
  }
}

function listOf(expected: OpenModelOptions['expectInput']): readonly ExpectedTensor[] {
  if (expected === undefined) return [];
  return Array.isArray(expected)
    ? (expected as readonly ExpectedTensor[])
    : [expected as ExpectedTensor];
}

function tensorInfos(metadata: Session['inputMetadata']): TensorInfo[] {
  return metadata.map((entry) =>
    entry.isTensor
      ? { name: entry.name, type: entry.type, dims: entry.shape }
      : { name: entry.name, type: 'not a tensor', dims: [] },
  );
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
