import type { Vec3 } from '@hecktor/volume';

/** The largest connected component of a mask. */
export interface Component {
  readonly count: number;
  /** Mean voxel index along x, y, z. */
  readonly centroid: Vec3;
}

/** What {@link largestComponent} may be told. */
export interface ComponentOptions {
  /** For each row the voxels `[spans[2 row], spans[2 row + 1])` to look at; all when left out. */
  readonly spans?: Int32Array;
  /** The axes of the array whose components are numbered, slowest first; 'xyz' when left out. */
  readonly order?: 'xyz' | 'zyx';
}

/**
 * The largest 26-connected component of a mask, x fastest, or undefined when the mask is empty. Of
 * several of the same size it is the one with the first voxel in the array's order: scikit-image
 * numbers components so, for 'xyz' those of an array indexed (x, y, z), whose last axis is fastest.
 *
 * Works on runs along x, joined by union-find, so that memory grows with the surface of the mask.
 */
export function largestComponent(
  mask: Uint8Array,
  size: Vec3,
  { spans, order = 'xyz' }: ComponentOptions = {},
): Component | undefined {
  const runs = findRuns(mask, size, spans);
  joinNeighbours(runs, size);
  return pickLargest(runs, size, order);
}

interface Runs {
  /** First run of every row, and one past the last run at the end. */
  readonly rowStart: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly parent: Int32Array;
}

function findRuns(
  mask: Uint8Array,
  [width, height, depth]: Vec3,
  spans: Int32Array | undefined,
): Runs {
  const rows = height * depth;
  const rowStart = new Int32Array(rows + 1);
  let capacity = 1024;
  let first = new Int32Array(capacity);
  let last = new Int32Array(capacity);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    rowStart[row] = count;
    const at = row * width;
    const end = spans?.[2 * row + 1] ?? width;
    for (let x = spans?.[2 * row] ?? 0; x < end; x++) {
      if (mask[at + x] === 0) continue;
      const start = x;
      while (x + 1 < end && mask[at + x + 1] !== 0) x++;
      if (count === capacity) {
        capacity *= 2;
        first = grown(first, capacity);
        last = grown(last, capacity);
      }
      first[count] = start;
      last[count] = x;
      count++;
    }
  }
  rowStart[rows] = count;
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  return { rowStart, first, last, parent };
}

function grown(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}

function joinNeighbours(runs: Runs, [, height, depth]: Vec3): void {
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = y + height * z;
      if (runs.rowStart[row] === runs.rowStart[row + 1]) continue;
      if (y > 0) joinRows(runs, row, row - 1);
      if (z === 0) continue;
      for (let dy = -1; dy <= 1; dy++) {
        if (y + dy >= 0 && y + dy < height) joinRows(runs, row, row - height + dy);
      }
    }
  }
}

/** Joins runs of two rows that touch, diagonals included. */
function joinRows(runs: Runs, rowA: number, rowB: number): void {
  const { rowStart, first, last } = runs;
  let a = rowStart[rowA]!;
  let b = rowStart[rowB]!;
  const endA = rowStart[rowA + 1]!;
  const endB = rowStart[rowB + 1]!;
  while (a < endA && b < endB) {
    if (last[a]! + 1 < first[b]!) a++;
    else if (last[b]! + 1 < first[a]!) b++;
    else {
      join(runs.parent, a, b);
      if (last[a]! < last[b]!) a++;
      else b++;
    }
  }
}

function root(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

function join(parent: Int32Array, a: number, b: number): void {
  const ra = root(parent, a);
  const rb = root(parent, b);
  if (ra < rb) parent[rb] = ra;
  else parent[ra] = rb;
}

function pickLargest(
  runs: Runs,
  [width, height, depth]: Vec3,
  order: 'xyz' | 'zyx',
): Component | undefined {
  const { rowStart, first, last, parent } = runs;
  const count = new Float64Array(parent.length);
  const sumX = new Float64Array(parent.length);
  const sumY = new Float64Array(parent.length);
  const sumZ = new Float64Array(parent.length);
  const firstVoxel = new Float64Array(parent.length).fill(Infinity);
  for (let row = 0; row < height * depth; row++) {
    const y = row % height;
    const z = Math.floor(row / height);
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const r = root(parent, run);
      const a = first[run]!;
      const b = last[run]!;
      const n = b - a + 1;
      count[r] = count[r]! + n;
      sumX[r] = sumX[r]! + ((a + b) * n) / 2;
      sumY[r] = sumY[r]! + y * n;
      sumZ[r] = sumZ[r]! + z * n;
      const position = order === 'xyz' ? (a * height + y) * depth + z : row * width + a;
      firstVoxel[r] = Math.min(firstVoxel[r]!, position);
    }
  }
  let best = -1;
  for (let r = 0; r < parent.length; r++) {
    if (parent[r] !== r) continue;
    const larger = best < 0 || count[r]! > count[best]!;
    if (larger || (count[r] === count[best] && firstVoxel[r]! < firstVoxel[best]!)) best = r;
  }
  if (best < 0) return undefined;
  const n = count[best]!;
  return { count: n, centroid: [sumX[best]! / n, sumY[best]! / n, sumZ[best]! / n] };
}
