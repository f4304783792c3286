import { describe, expect, it } from '@jest/globals';
import { parseTreeEnsemble, predictTrees } from './index.ts';

const LEAF = 0xffff;
const LEFT = 0x8000;
const HEADER = {
  ...{ version: 1, kind: 'trees', features: ['Age', 'MTV'], missing: true },
  ...{ base: 1, divisor: 2, link: 'identity' },
};

interface Nodes {
  readonly values: readonly number[];
  readonly right: readonly number[];
  readonly split: readonly number[];
  readonly roots: readonly number[];
}

// Age <= 60 ? (MTV <= 5 ? 10 : 20) : 40, missing to the left and right; then a tree of one leaf.
const TREES: Nodes = {
  values: [60, 5, 10, 20, 40, 7],
  right: [4, 3, 0, 0, 0, 0],
  split: [0 + LEFT, 1, LEAF, LEAF, LEAF, LEAF],
  roots: [0, 5],
};

/** A file as the format describes it. */
function fileOf(header: object = {}, nodes: Partial<Nodes> = {}): Buffer {
  const { values, roots, right, split } = { ...TREES, ...nodes };
  const sizes = { trees: roots.length, nodes: values.length };
  const text = Buffer.from(JSON.stringify({ ...HEADER, ...sizes, ...header }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const arrays = [
    Float64Array.from(values),
    ...[roots, right].map((list) => Uint32Array.from(list)),
    Uint16Array.from(split),
  ];
  const parts = arrays.map(({ buffer }) => Buffer.from(buffer));
  return Buffer.concat([Buffer.from('HKTREES1'), length, text, ...parts]);
}

const parse = (bytes: Uint8Array) => parseTreeEnsemble(bytes, { file: 'a.trees' });

describe('predictTrees', () => {
  it.each([
    ['left, left', [60, 5], 10],
    ['left, right', [59, 5.01], 20],
    ['right', [60.0001, 0], 40],
    ['missing to the left, then to the right', [NaN, NaN], 20],
    ['infinite to the right', [Infinity, 0], 40],
  ])('%s', (_, features, leaf) => {
    expect(predictTrees(parse(fileOf()), features)).toBe((1 + leaf + 7) / 2);
  });

  it('compares in float32, as the libraries do', () => {
    expect(predictTrees(parse(fileOf()), [60 + 1e-9, 5])).toBe(9);
  });

  it('takes e to the power of it where the header says so', () => {
    expect(predictTrees(parse(fileOf({ link: 'exp' })), [60, 5])).toBe(Math.exp(9));
  });

  it.each([
    [[1], {}, 'expected 2 features, got 1'],
    [[1, NaN], { missing: false }, '"MTV" is missing'],
    [[61, 0], { link: 'exp', base: 1e4 }, 'no finite number'],
  ])('refuses the features %j with %j', (features, header, message) => {
    expect(() => predictTrees(parse(fileOf(header)), features)).toThrow(message);
  });
});

describe('parseTreeEnsemble', () => {
  it('reads a part of a larger buffer, at any place', () => {
    const file = fileOf();
    const shifted = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(5)]);
    expect(predictTrees(parse(shifted.subarray(3, 3 + file.length)), [60, 5])).toBe(9);
  });

  it.each([
    ['another file', Buffer.from('PK and so on, longer than a prefix'), 'not a file of survival'],
    ['an empty file', Buffer.alloc(0), 'not a file of survival'],
    ['a file that ends in its header', fileOf().subarray(0, 40), 'within its header'],
    ['a file that is cut short', fileOf().subarray(0, -1), 'bytes, expected'],
    ['a file that goes on', Buffer.concat([fileOf(), Buffer.alloc(1)]), 'bytes, expected'],
    ['another version', fileOf({ version: 2 }), '/version'],
    ['no features', fileOf({ features: [] }), '/features'],
    ['a divisor of 0', fileOf({ divisor: 0 }), '/divisor'],
    ['an unknown feature', fileOf({ features: ['Age'] }), 'node 1 splits by a feature'],
    ['an endless way', fileOf({}, { right: [4, 1, 0, 0, 0, 0] }), 'children of node 1'],
    ['a way into another tree', fileOf({}, { right: [5, 3, 0, 0, 0, 0] }), 'children of node 0'],
    [
      'a split at the end',
      fileOf({}, { split: [0, 1, LEAF, LEAF, LEAF, 0] }),
      'children of node 5',
    ],
    ['a leaf of NaN', fileOf({}, { values: [60, 5, NaN, 20, 40, 7] }), 'node 2 holds no finite'],
    ['roots out of order', fileOf({}, { roots: [0, 0] }), 'tree 0 is empty'],
    ['a root beyond the end', fileOf({}, { roots: [0, 9] }), 'tree 0 is empty'],
    ['a first root that is not 0', fileOf({}, { roots: [1, 5] }), 'tree 0 is empty'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parse(bytes)).toThrow(message);
  });
});
