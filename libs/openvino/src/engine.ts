import { HecktorError } from '@hecktor/errors';
import { readHeader, type EngineModel, type Feeds, type ModelEngine } from '@hecktor/onnx';
import type { ExpectedTensor, TensorInfo } from '@hecktor/onnx';
import type { Handle } from './c-api.ts';
import { explainFailure } from './explain-failure.ts';
import { loadLibrary, type Library } from './load-library.ts';

/** How numbers are multiplied; sums are in float32. */
export type Precision = 'float32' | 'bfloat16';

/**
 * OpenVINO on the CPU, behind the interface of ONNX Runtime.
 *
 * @param precision - `bfloat16` is for CPUs that compute it, see `bfloat16Unit`.
 */
export function openVino(precision: Precision): ModelEngine {
  return {
    async load(path, { file, threads }) {
      const library = await loadLibrary();
      const read = (): Handle => library.api.readModel(library.core, path, null);
      return explained(file, 'load', () => {
        const model = read();
        try {
          const infos = tensorInfos(library, model, path);
          assertFloat32(infos.inputs, file);
          const facts = { file, settings: properties(threads, precision), read, ...infos };
          return createModel(library, model, facts);
        } catch (error) {
          library.api.releaseModel(model);
          throw error;
        }
      });
    },
  };
}

/**
 * Properties of a compiled model. One stream has all threads for one window. The caller knows how many
 * CPUs the control group grants, so threads are neither pinned nor kept off a core's second
 * hardware thread: a platform's two CPUs may be one core.
 */
function properties(threads: number, precision: Precision): Record<string, string> {
  return {
    NUM_STREAMS: '1',
    INFERENCE_NUM_THREADS: String(threads),
    ENABLE_CPU_PINNING: 'NO',
    ENABLE_HYPER_THREADING: 'YES',
    // Left alone, a CPU with AMX computes in bfloat16.
    INFERENCE_PRECISION_HINT: precision === 'float32' ? 'f32' : 'bf16',
  };
}

interface ModelFacts {
  readonly file: string;
  /** Reads the file once more. */
  readonly read: () => Handle;
  readonly settings: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** A model compiled for shapes of its inputs. */
interface Compiled {
  readonly key: string;
  readonly request: Handle;
  readonly tensor: (name: string) => { data: Float32Array; dims: readonly number[] };
  free(): void;
}

function createModel({ api, core }: Library, first: Handle, facts: ModelFacts): EngineModel {
  const { file, read, settings, inputs, outputs } = facts;
  // Compiled it has copies of its weights, so the model itself goes; few are compiled twice.
  let model: Handle = first;
  let compiled: Compiled | undefined;

  /** Compiles the model for these shapes, unless it is: a whole window's shape hardly changes. */
  function compileFor(shapes: readonly (readonly number[])[]): Compiled {
    const key = shapes.join(' ');
    if (compiled?.key === key) return compiled;
    compiled?.free();
    compiled = undefined;
    model ??= read();
    inputs.forEach(({ name }, i) => api.reshape(model, name, shapes[i]!));
    const whole = api.compile(core, model, settings);
    api.releaseModel(model);
    model = null;
    const request = api.createRequest(whole);
    const tensors = new Map<string, Handle>();
    compiled = {
      ...{ key, request },
      tensor(name) {
        const tensor = tensors.get(name) ?? api.tensorByName(request, name);
        tensors.set(name, tensor);
        return { data: new Float32Array(api.tensorBytes(tensor)), dims: api.tensorDims(tensor) };
      },
      free() {
        for (const tensor of tensors.values()) api.releaseTensor(tensor);
        api.releaseRequest(request);
        api.releaseCompiled(whole);
      },
    };
    return compiled;
  }

  return {
    ...{ inputs, outputs },
    async prepare(expected) {
      const shapes = inputs.map((input) => fullShape(input, expected));
      if (shapes.every((shape) => shape !== undefined)) {
        explained(file, 'load', () => compileFor(shapes));
      }
    },
    async run(feeds: Feeds, fetches) {
      const ready = explained(file, 'run', () =>
        compileFor(inputs.map(({ name }) => feeds[name]!.dims)),
      );
      for (const { name } of inputs) ready.tensor(name).data.set(feeds[name]!.data);
      await api.infer(ready.request).catch((error: unknown) => {
        throw explainFailure(error, file, 'run');
      });
      return Object.fromEntries(
        fetches.map((name) => {
          const { type } = outputs.find((output) => output.name === name)!;
          const { data, dims } = ready.tensor(name);
          // The next window is computed into the same memory.
          return [name, { type, dims, data: data.slice() }];
        }),
      );
    },
    async release() {
      compiled?.free();
      if (model !== null) api.releaseModel(model);
    },
  };
}

/** The shape of an input for the first run: one window, where the batch axis is free. */
function fullShape(
  { name, dims }: TensorInfo,
  expected: readonly ExpectedTensor[],
): number[] | undefined {
  const wanted = expected.find((tensor) => tensor.name === name)?.dims;
  const shape = dims.map((n, axis) => {
    if (typeof n === 'number') return n;
    return wanted?.[axis] ?? (axis === 0 ? 1 : undefined);
  });
  return shape.every((n) => n !== undefined) ? shape : undefined;
}

/** Names and types as the file has them, shapes as the library has worked them out. */
function tensorInfos(
  { api }: Library,
  model: Handle,
  path: string,
): Pick<ModelFacts, 'inputs' | 'outputs'> {
  const { inputs = [], outputs = [] } = readHeader(path) ?? {};
  const infos = (
    list: typeof inputs,
    port: (model: Handle, name: string) => Handle,
  ): TensorInfo[] =>
    list.map(({ name, type }) => {
      const found = port(model, name);
      const dims = api.portDims(found).map((n) => n ?? '');
      api.releasePort(found);
      return { name, type, dims };
    });
  return { inputs: infos(inputs, api.inputByName), outputs: infos(outputs, api.outputByName) };
}

/** The library would read the bytes of an input of another type as if they were of that type. */
function assertFloat32(inputs: readonly TensorInfo[], file: string): void {
  const other = inputs.find(({ type }) => type !== 'float32');
  if (other === undefined) return;
  throw new HecktorError('MODEL_MISMATCH', {
    file,
    detail: `expected input '${other.name}' to be float32, got ${other.type}`,
    fix: 'export the model with float32 inputs and outputs',
  });
}

function explained<T>(file: string, doing: 'load' | 'run', call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof HecktorError ? error : explainFailure(error, file, doing);
  }
}
