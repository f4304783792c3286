import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { assertModelFits } from './model-fits.ts';
import type { ExpectedTensor, TensorInfo } from './model-fits.ts';

/** Names of ONNX's element types as ONNX Runtime writes them, by number. */
const TYPES: Readonly<Record<number, string>> = {
  ...{ 1: 'float32', 2: 'uint8', 3: 'int8', 5: 'int16', 6: 'int32', 7: 'int64' },
  ...{ 9: 'bool', 10: 'float16', 11: 'float64', 16: 'bfloat16' },
};

/** A part of the file in Protocol Buffers' wire format. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A field of a message: a number, or the place of its bytes. */
interface Field extends Span {
  readonly number: number;
  readonly value: number;
}

/**
 * Throws when the inputs and outputs that an ONNX file states are not those of a recipe. Only the
 * file's header is read, and its weights are passed over: milliseconds where opening takes seconds.
 * A file that cannot be understood is passed: opening it will say what is wrong with it.
 *
 * @throws HecktorError MODEL_MISMATCH
 */
export async function checkModelHeader(
  path: string,
  expected: {
    readonly inputs: readonly ExpectedTensor[];
    readonly outputs: readonly ExpectedTensor[];
  },
): Promise<void> {
  const header = readHeader(path);
  if (header === undefined) return;
  for (const kind of ['input', 'output'] as const) {
    const actual = header[`${kind}s`];
    // A shape that the file does not state is known only once the model is open.
    const known = expected[`${kind}s`].map(({ name, dims }): ExpectedTensor => {
      const stated = actual.find((tensor) => tensor.name === name)?.dims;
      return stated === undefined || dims === undefined ? { name } : { name, dims };
    });
    assertModelFits(
      path,
      kind,
      known,
      actual.map(({ dims = [], ...tensor }) => ({ ...tensor, dims })),
    );
  }
}

/** An input or output; one whose shape the file does not state has no `dims`. */
type StatedTensor = Omit<TensorInfo, 'dims'> & { readonly dims?: TensorInfo['dims'] };

/** What an ONNX file states about its graph. */
interface ModelHeader {
  readonly inputs: readonly StatedTensor[];
  readonly outputs: readonly StatedTensor[];
}

/** Reads the header of an ONNX file; undefined for one that cannot be understood. */
export function readHeader(path: string): ModelHeader | undefined {
  return readGraph(path, (reader, graph) => {
    const [initializers, inputs, outputs] = [5, 11, 12].map((n) => [...reader.fields(graph, n)]);
    // Before version 4 of the format weights are listed among the inputs, too.
    const weights = new Set(initializers!.map((tensor) => reader.text(tensor, 8)));
    const stated = (list: readonly Field[]) => list.map((info) => tensorOf(reader, info));
    return {
      inputs: stated(inputs!).filter(({ name }) => !weights.has(name)),
      outputs: stated(outputs!),
    };
  });
}

/** Reads something of the graph of an ONNX file; undefined where the file cannot be understood. */
export function readGraph<T>(
  path: string,
  read: (reader: Reader, graph: Span) => T,
): T | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const reader = createReader(file);
    const [graph] = reader.fields({ start: 0, end: reader.size }, 7);
    return graph === undefined ? undefined : read(reader, graph);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A ValueInfoProto: name and type, whose tensor has an element type and maybe a shape. */
export function tensorOf(reader: Reader, info: Span): StatedTensor {
  const name = reader.text(info, 1);
  const tensor = reader.first(reader.first(info, 2), 1);
  if (tensor === undefined) return { name, type: 'not a tensor' };
  const type = TYPES[reader.first(tensor, 1)?.value ?? 0] ?? 'of another type';
  const shape = reader.first(tensor, 2);
  if (shape === undefined) return { name, type };
  const dims = [...reader.fields(shape, 1)].map(
    (dim) => reader.first(dim, 1)?.value ?? reader.text(dim, 2),
  );
  return { name, type, dims };
}

/** Reads messages of a file without loading it. */
export interface Reader {
  readonly size: number;
  /** The fields of a message that have a number. */
  fields(message: Span, number: number): Generator<Field>;
  first(message: Span | undefined, number: number): Field | undefined;
  /** The first field of a number as text; '' where there is none. */
  text(message: Span, number: number): string;
  /** All fields of a number as texts. */
  texts(message: Span, number: number): string[];
}

function createReader(file: number): Reader {
  const { size } = fstatSync(file);
  const page = Buffer.alloc(2 ** 16);
  let [from, to] = [0, 0];
  const byteAt = (position: number): number => {
    if (position < from || position >= to) {
      from = position;
      to = position + readSync(file, page, 0, page.length, position);
      if (to === from) throw new Error('the file ends too early');
    }
    return page[position - from]!;
  };
  const varint = (start: number): { value: number; end: number } => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = byteAt(start + i);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, end: start + i + 1 };
    }
    throw new Error('a number is too long');
  };
  function* fields({ start, end }: Span, wanted: number): Generator<Field> {
    for (let at = start; at < end;) {
      const key = varint(at);
      const kind = key.value % 8;
      let field = { start: key.end, end: key.end, value: 0 };
      if (kind === 0) field = { ...field, ...varint(key.end) };
      else if (kind === 1 || kind === 5) field.end += kind === 1 ? 8 : 4;
      else if (kind === 2) {
        const length = varint(key.end);
        field = { start: length.end, end: length.end + length.value, value: 0 };
      } else throw new Error('an unknown kind of field');
      if (field.end > size) throw new Error('the file ends too early');
      const number = Math.floor(key.value / 8);
      if (number === wanted) yield { number, ...field };
      at = field.end;
    }
  }
  const textOf = ({ start, end }: Span): string => {
    const bytes = Buffer.alloc(end - start);
    readSync(file, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  };
  const first: Reader['first'] = (message, number) =>
    message === undefined ? undefined : fields(message, number).next().value;
  return {
    size,
    fields,
    first,
    text(message, number) {
      const field = first(message, number);
      return field === undefined ? '' : textOf(field);
    },
    texts: (message, number) => [...fields(message, number)].map(textOf),
  };
}
