import { readGraph, tensorOf, type Reader, type Span } from './model-header.ts';

/** What an ONNX file says of the memory that running it takes, for one image at a time. */
interface ModelMemory {
  /** Bytes of the tensors that a run holds at once; undefined where the file does not state shapes. */
  readonly activations: number | undefined;
  /** Length of the second axis of each output, its classes, where the file states it. */
  readonly classes: Readonly<Record<string, number | undefined>>;
}

/**
 * Reads an ONNX file for the memory that running it takes. Shapes are those that the file states for
 * the tensors between its nodes, as torch.onnx and the exporter write them.
 */
export function modelMemory(path: string): ModelMemory {
  return (
    readGraph(path, (reader, graph) => {
      const outputs = [...reader.fields(graph, 12)].map((info) => tensorOf(reader, info));
      const classes = outputs.map(({ name, dims }) => {
        const count = dims?.[1];
        return [name, typeof count === 'number' ? count : undefined] as const;
      });
      const bytes = statedBytes(reader, graph);
      const nodes = nodesOf(reader, graph);
      const isStated = nodes.every(
        ({ op, outputs: [made = ''] }) => !op.startsWith('Conv') || bytes.has(made),
      );
      const ends = outputs.map(({ name }) => name);
      return {
        activations: isStated ? peakBytes(inOrder(nodes, ends), bytes, ends) : undefined,
        classes: Object.fromEntries(classes),
      };
    }) ?? { activations: undefined, classes: {} }
  );
}

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function nodesOf(reader: Reader, graph: Span): Node[] {
  return [...reader.fields(graph, 1)].map((node) => ({
    op: reader.text(node, 4),
    inputs: reader.texts(node, 1),
    outputs: reader.texts(node, 2),
  }));
}

/** Bytes of each tensor whose shape the file states; a first axis that the caller chooses counts as 1. */
function statedBytes(reader: Reader, graph: Span): Map<string, number> {
  const stated = [11, 13, 12].flatMap((field) => [...reader.fields(graph, field)]);
  return new Map(
    stated.flatMap((info) => {
      const { name, dims } = tensorOf(reader, info);
      const [batch, ...others] = dims ?? [''];
      const lengths = [typeof batch === 'number' || others.length < 2 ? batch : 1, ...others];
      const count = lengths.reduce<number>((n, length) => n * Number(length), 4);
      return Number.isFinite(count) ? [[name, count] as const] : [];
    }),
  );
}

/** Nodes as ONNX Runtime runs them: each behind what it needs, of several inputs the latest first. */
function inOrder(nodes: readonly Node[], ends: readonly string[]): Node[] {
  const makers = new Map(
    nodes.flatMap((node, i) => node.outputs.map((name) => [name, i] as const)),
  );
  const needs = (names: readonly string[]) =>
    [...new Set(names.flatMap((name) => makers.get(name) ?? []))].sort((a, b) => a - b);
  const seen = new Set<number>();
  const order: Node[] = [];
  const stack = needs(ends).map((node) => ({ node, isReady: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const node = nodes[top.node]!;
    if (top.isReady) order.push(node);
    if (top.isReady || seen.has(top.node)) continue;
    seen.add(top.node);
    stack.push({ node: top.node, isReady: true });
    for (const need of needs(node.inputs)) stack.push({ node: need, isReady: false });
  }
  return order;
}

/** Operators that only look at their input in another shape. */
const VIEWS: ReadonlySet<string> = new Set([
  'Reshape',
  'Identity',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
]);
/** Operators that write over an input of the same size that nothing else needs. */
const IN_PLACE: ReadonlySet<string> = new Set(
  'Add Sub Mul Div Relu LeakyRelu Sigmoid Elu Clip Tanh Softmax Dropout'.split(' '),
);

/**
 * Most bytes that are held at once when the nodes are run in order. ONNX Runtime plans that a tensor
 * takes the buffer of an earlier one of its size, and keeps the buffer all the while in between.
 */
function peakBytes(
  nodes: readonly Node[],
  bytes: ReadonlyMap<string, number>,
  ends: readonly string[],
): number {
  const roots = new Map<string, string>();
  const rootOf = (name: string): string => roots.get(name) ?? name;
  for (const { op, inputs, outputs } of nodes) {
    if (VIEWS.has(op)) roots.set(outputs[0]!, rootOf(inputs[0]!));
  }
  const lastUse = new Map<string, number>();
  nodes.forEach(({ inputs }, i) => inputs.forEach((name) => lastUse.set(rootOf(name), i)));
  ends.forEach((name) => lastUse.set(rootOf(name), nodes.length));
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const given = [...lastUse.keys()].filter((name) => !made.has(name));
  const buffers: { readonly size: number; readonly from: number; to: number }[] = [];
  const bufferOf = new Map<string, number>();
  const free: number[] = [];
  nodes.forEach(({ op, inputs, outputs }, i) => {
    const done = [...new Set(inputs.map(rootOf))].filter((name) => lastUse.get(name) === i);
    for (const name of outputs.filter((one) => !roots.has(one))) {
      const size = bytes.get(name) ?? 0;
      const isSame = (buffer: number | undefined) =>
        buffer !== undefined && buffers[buffer]!.size === size;
      const over = IN_PLACE.has(op) ? done.findIndex((one) => isSame(bufferOf.get(one))) : -1;
      const [taken] = over >= 0 ? done.splice(over, 1) : [];
      const kept = taken === undefined ? free.findIndex(isSame) : -1;
      const [spare] = kept >= 0 ? free.splice(kept, 1) : [];
      const buffer =
        spare ?? bufferOf.get(taken ?? '') ?? buffers.push({ size, from: i, to: i }) - 1;
      bufferOf.set(name, buffer);
      buffers[buffer]!.to = lastUse.get(name) ?? i;
    }
    free.push(...done.flatMap((name) => bufferOf.get(name) ?? []));
  });
  const change = new Float64Array(nodes.length + 2);
  for (const { size, from, to } of buffers) {
    change[from]! += size;
    change[to + 1]! -= size;
  }
  const inputs = given.reduce((total, name) => total + (bytes.get(name) ?? 0), 0);
  let [held, peak] = [inputs, inputs];
  for (const difference of change) peak = Math.max(peak, (held += difference));
  return peak;
}
