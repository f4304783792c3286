import type { EngineModel, ModelEngine } from './engine.ts';
import { explainFailure } from './explain-failure.ts';
import type { TensorInfo } from './model-fits.ts';
import { loadRuntime, sessionOptions, type Runtime, type Session } from './session.ts';

/** ONNX Runtime on the CPU. */
export const ONNX_RUNTIME: ModelEngine = {
  async load(path, { file, threads, once }) {
    const settings = sessionOptions(threads, { once });
    const runtime = await loadRuntime();
    const session = await runtime.InferenceSession.create(path, settings).catch(
      (error: unknown) => {
        throw explainFailure(error, file, 'load');
      },
    );
    return modelOf(runtime, session, file);
  },
};

function modelOf(runtime: Runtime, session: Session, file: string): EngineModel {
  return {
    inputs: tensorInfos(session.inputMetadata),
    outputs: tensorInfos(session.outputMetadata),
    run(feeds, fetches) {
      const tensors = Object.entries(feeds).map(([name, { data, dims }]) => [
        name,
        new runtime.Tensor('float32', data, dims),
      ]);
      return session.run(Object.fromEntries(tensors), fetches).catch((error: unknown) => {
        throw explainFailure(error, file, 'run');
      });
    },
    release: () => session.release(),
  };
}

function tensorInfos(metadata: Session['inputMetadata']): TensorInfo[] {
  return metadata.map((entry) =>
    entry.isTensor
      ? { name: entry.name, type: entry.type, dims: entry.shape }
      : { name: entry.name, type: 'not a tensor', dims: [] },
  );
}
