import type Koffi from 'koffi';

/** The address of an object of the library. */
export type Handle = bigint | null;

/** A call that failed, with what the library said last. */
class OpenVinoFailure extends Error {}

/** The part of OpenVINO's C interface that is used here; all of it is declared in this file. */
export type OpenVino = ReturnType<typeof declareOpenVino>;

type Type = Parameters<(typeof Koffi)['sizeof']>[0];

interface Shape {
  readonly rank: number;
  readonly dims: Handle;
}
interface PartialShape {
  readonly rank: { readonly min: number; readonly max: number };
  readonly dims: Handle;
}

/** Stacks of calls, bytes: the library walks graphs by recursion. Memory is taken as it is used. */
const STACK = 16 * 2 ** 20;

/**
 * Declares the functions of `libopenvino_c.so` as its headers (`openvino/c/*.h` of the version in
 * load-library.ts) have them.
 *
 * @param koffi - Calls C functions; passed in, as it is loaded on first use.
 * @param file - Path of the library, which looks for its other parts beside it.
 */
export function declareOpenVino(koffi: typeof Koffi, file: string) {
  koffi.config({ ...koffi.config(), sync_stack_size: STACK, async_stack_size: STACK });
  const library = koffi.load(file);
  const dimension = koffi.struct({ min: 'int64_t', max: 'int64_t' });
  const shape = koffi.struct({ rank: 'int64_t', dims: 'void *' });
  const partialShape = koffi.struct({ rank: dimension, dims: 'void *' });
  const version = koffi.struct({ buildNumber: 'const char *', description: 'const char *' });
  const [object, text] = ['void *', 'const char *'];

  const lastError = library.func('ov_get_last_err_msg', 'const char *', []);
  const assertOk = (status: number): void => {
    if (status !== 0) throw new OpenVinoFailure((lastError() as string | null) ?? `${status}`);
  };
  /** A function that says whether it succeeded. */
  const action = (name: string, ...types: Type[]) => {
    const call = library.func(name, 'int', types);
    return (...args: unknown[]): void => assertOk(call(...args) as number);
  };
  /** A function that puts what it makes, of the type `made`, where its last parameter points to. */
  const maker = <T = Handle>(name: string, types: Type[], made: Type = object) => {
    const call = action(name, ...types, koffi.out(koffi.pointer(made)));
    return (...args: unknown[]): T => {
      const result: [T | null] = [null];
      call(...args, result);
      return result[0]!;
    };
  };
  const release = (name: string, type: Type = 'void') =>
    library.func(name, 'void', [koffi.pointer(type)]) as (object: unknown) => void;

  const getVersion = maker<{ buildNumber: string }>('ov_get_openvino_version', [], version);
  const compile = library.func('ov_core_compile_model', 'int', [
    ...[object, object, text, 'size_t', koffi.out(koffi.pointer(object)), '...'],
  ]);
  const portShape = maker<PartialShape>('ov_port_get_partial_shape', [object], partialShape);
  const dims: Type[] = ['int64_t', 'int64_t *'];
  const fixedShape = maker<PartialShape>('ov_partial_shape_create_static', dims, partialShape);
  const reshape = action('ov_model_reshape_input_by_name', object, text, partialShape);
  const releasePartialShape = release('ov_partial_shape_free', partialShape);
  const tensorShape = maker<Shape>('ov_tensor_get_shape', [object], shape);
  const releaseShape = release('ov_shape_free', shape);
  const tensorData = maker('ov_tensor_data', [object]);
  const tensorSize = maker<number>('ov_tensor_get_byte_size', [object], 'size_t');
  const infer = library.func('ov_infer_request_infer', 'int', [object]);

  return {
    version: () => getVersion().buildNumber,
    createCore: maker('ov_core_create', []),
    readModel: maker('ov_core_read_model', [object, text, text]),
    inputByName: maker('ov_model_const_input_by_name', [object, text]),
    outputByName: maker('ov_model_const_output_by_name', [object, text]),
    createRequest: maker('ov_compiled_model_create_infer_request', [object]),
    tensorByName: maker('ov_infer_request_get_tensor', [object, text]),
    releaseModel: release('ov_model_free'),
    releasePort: release('ov_output_const_port_free'),
    releaseCompiled: release('ov_compiled_model_free'),
    releaseRequest: release('ov_infer_request_free'),
    releaseTensor: release('ov_tensor_free'),

    /** Lengths of the axes of an input or output; null where any will do. */
    portDims(port: Handle): (number | null)[] {
      const found = portShape(port);
      const bounds = koffi.decode(found.dims, koffi.array(dimension, found.rank.max)) as {
        min: number;
        max: number;
      }[];
      releasePartialShape(found);
      return bounds.map(({ min, max }) => (min === max ? min : null));
    },
    /** Fixes the shape of an input. */
    reshape(model: Handle, input: string, dims: readonly number[]): void {
      const wanted = fixedShape(dims.length, dims);
      try {
        reshape(model, input, wanted);
      } finally {
        releasePartialShape(wanted);
      }
    },
    /** Makes a model ready to run on the CPU. */
    compile(core: Handle, model: Handle, properties: Readonly<Record<string, string>>): Handle {
      const result: [Handle] = [null];
      const texts = Object.entries(properties).flat();
      const pairs = texts.flatMap((value) => [text, value]);
      assertOk(compile(core, model, 'CPU', texts.length, result, ...pairs) as number);
      return result[0];
    },
    tensorDims(tensor: Handle): number[] {
      const found = tensorShape(tensor);
      const dims = koffi.decode(
        found.dims,
        koffi.array('int64_t', found.rank, 'Array'),
      ) as number[];
      releaseShape(found);
      return dims;
    },
    /** A tensor's own memory, which goes with its request. */
    tensorBytes: (tensor: Handle): ArrayBuffer =>
      koffi.view(tensorData(tensor), tensorSize(tensor)),
    /** Computes on another thread: this one stays free for messages. */
    infer: (request: Handle): Promise<void> =>
      new Promise((resolve, reject) => {
        infer.async(request, (error: Error | null, status: number) => {
          try {
            if (error !== null) throw error;
            assertOk(status);
            resolve();
          } catch (failure) {
            reject(failure as Error);
          }
        });
      }),
  };
}
