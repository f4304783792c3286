import { Type, type Static } from 'typebox';
import { assertFeatureCount, assertNoneMissing, finiteRisk } from './check-features.ts';
import { modelInvalid, readSchema } from './read-schema.ts';

const closed = { additionalProperties: false } as const;

/** The JSON at the start of a file of survival trees. */
const HEADER_SCHEMA = Type.Object(
  {
    version: Type.Literal(1),
    kind: Type.Literal('trees'),
    features: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      minItems: 1,
      maxItems: 32767,
    }),
    /** Whether the trees know where a missing value goes. */
    missing: Type.Boolean(),
    trees: Type.Integer({ minimum: 1, maximum: 100_000 }),
    nodes: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
    base: Type.Number(),
    divisor: Type.Number({ exclusiveMinimum: 0 }),
    link: Type.Enum(['identity', 'exp']),
  },
  closed,
);

/**
 * Decision trees whose leaves hold one number each: random survival forests, extra survival trees,
 * gradient-boosted survival. Nodes lie in preorder, so that the left child of node i is node i + 1.
 */
export interface TreeEnsemble extends Readonly<Static<typeof HEADER_SCHEMA>> {
  /** Threshold of a split (values up to it go left), or the number of a leaf. */
  readonly values: Float64Array;
  /** First node of each tree. */
  readonly roots: Uint32Array;
  /** Right child of a split; 0 for a leaf. */
  readonly right: Uint32Array;
  /** Feature of a split, plus MISSING_LEFT where a missing value goes left; LEAF for a leaf. */
  readonly split: Uint16Array;
}

const MAGIC = 'HKTREES1';
const LEAF = 0xffff;
const MISSING_LEFT = 0x8000;
/** Of the magic word and the length of the header. */
const PREFIX_BYTES = 12;

/**
 * Reads a file of survival trees (format: docs/tabular.md) and checks that every way through a tree
 * ends at one of its leaves.
 *
 * @param bytes - Content of the file.
 * @param options.file - Its path, for messages.
 * @throws HecktorError SURVIVAL_MODEL_INVALID
 */
export function parseTreeEnsemble(bytes: Uint8Array, { file }: { file: string }): TreeEnsemble {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (start: number, end: number): string =>
    new TextDecoder().decode(bytes.subarray(start, end));
  if (bytes.length < PREFIX_BYTES || text(0, MAGIC.length) !== MAGIC) {
    throw modelInvalid(file, 'it is not a file of survival trees');
  }
  const start = PREFIX_BYTES + view.getUint32(MAGIC.length, true);
  if (start > bytes.length) throw modelInvalid(file, 'it ends within its header');
  const header = readSchema(text(PREFIX_BYTES, start), HEADER_SCHEMA, file);
  const { nodes, trees } = header;
  const expected = start + 14 * nodes + 4 * trees;
  if (bytes.length !== expected) {
    throw modelInvalid(file, `it has ${bytes.length} bytes, expected ${expected}`);
  }
  // A copy, as arrays must lie at multiples of their elements' size.
  const { buffer } = new Uint8Array(bytes.subarray(start));
  const ensemble = {
    ...header,
    values: new Float64Array(buffer, 0, nodes),
    roots: new Uint32Array(buffer, 8 * nodes, trees),
    right: new Uint32Array(buffer, 8 * nodes + 4 * trees, nodes),
    split: new Uint16Array(buffer, 12 * nodes + 4 * trees, nodes),
  };
  const fault = faultOf(ensemble);
  if (fault !== undefined) throw modelInvalid(file, fault);
  return ensemble;
}

function faultOf(ensemble: TreeEnsemble): string | undefined {
  const { roots, values, right, split, features, nodes } = ensemble;
  for (let tree = 0; tree < roots.length; tree++) {
    const [start, end] = [roots[tree]!, roots[tree + 1] ?? nodes];
    if (start >= end || end > nodes || (tree === 0 && start > 0)) return `tree ${tree} is empty`;
    for (let node = start; node < end; node++) {
      if (!Number.isFinite(values[node])) return `node ${node} holds no finite number`;
      if (split[node] === LEAF) continue;
      if ((split[node]! & ~MISSING_LEFT) >= features.length) {
        return `node ${node} splits by a feature that is not there`;
      }
      // Children lie behind their parent, so that no way through a tree is endless.
      if (right[node]! <= node + 1 || right[node]! >= end) {
        return `the children of node ${node} do not lie behind it in its tree`;
      }
    }
  }
  return undefined;
}

/**
 * The risk that an ensemble gives: (base + sum of the leaves that the features lead to) / divisor,
 * in float64 in the order of the trees, e to the power of it where the link is `exp`. Features are
 * compared in float32, as scikit-learn's trees do, so that the answer is that of scikit-survival's
 * `predict` to the last bit.
 *
 * @param features - One number per feature of the ensemble, in its order; NaN = missing.
 * @returns For forests and boosted hazards higher = earlier event; for losses of times later.
 * @throws HecktorError MODEL_MISMATCH for another number of features; MODEL_OUTPUT_INVALID for a
 * missing value that the model was not trained for, or a risk that is no finite number.
 */
export function predictTrees(ensemble: TreeEnsemble, features: ArrayLike<number>): number {
  const { values, roots, right, split, base, divisor, link } = ensemble;
  assertFeatureCount('survival trees', ensemble.features.length, features);
  const given = Float32Array.from(features);
  if (!ensemble.missing) assertNoneMissing('survival trees', ensemble.features, given);
  let total = base;
  for (const root of roots) {
    let node = root;
    for (let code = split[node]!; code !== LEAF; code = split[node]!) {
      const value = given[code & ~MISSING_LEFT]!;
      const goesLeft = Number.isNaN(value) ? code >= MISSING_LEFT : value <= values[node]!;
      node = goesLeft ? node + 1 : right[node]!;
    }
    total += values[node]!;
  }
  const mean = total / divisor;
  return finiteRisk('survival trees', link === 'exp' ? Math.exp(mean) : mean);
}
