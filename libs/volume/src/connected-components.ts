import { HecktorError } from '@hecktor/errors';
import { voxelIndex } from './grid.ts';
import type { Vec3 } from './volume.ts';

/** Which voxels are neighbours: those sharing a face (6), an edge (18) or a corner (26). */
export type Connectivity = 6 | 18 | 26;

/** Connected components as runs of voxels along x: small for the sparse masks of lesions. */
export interface ComponentRuns {
  readonly count: number;
  /** First voxel of each run, in scan order. */
  readonly starts: Uint32Array;
  /** One past the last voxel of each run. */
  readonly ends: Uint32Array;
  /** Component of each run, 1 to `count`, numbered by the scan order of their first voxels. */
  readonly labels: Uint32Array;
  /** Voxels of each component; element 0 is component 1. */
  readonly voxels: Float64Array;
}

/**
 * Finds the connected components of the voxels equal to `label`.
 *
 * Runs along x are joined with the runs of the four lines that come before theirs, by union-find;
 * memory grows with the number of runs, not with the image.
 *
 * @param labels Voxels, x fastest.
 * @throws HecktorError INVALID_ARGUMENT when size and data, or the connectivity, do not fit.
 */
export function componentRuns(
  labels: Uint8Array,
  size: Vec3,
  label: number,
  connectivity: Connectivity,
): ComponentRuns {
  assertArguments(labels, size, connectivity);
  const [nx, ny, nz] = size;
  const runs = collectRuns(labels, nx, ny * nz, label);
  const sets = new UnionFind(runs.starts.length);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const line = y + ny * z;
      if (runs.lines[line] === runs.lines[line + 1]) continue;
      for (const [dy, dz] of EARLIER_LINES) {
        const steps = Math.abs(dy) + Math.abs(dz);
        // A neighbour line one step away shares a face, two steps away an edge of its voxels.
        if (steps === 2 && connectivity === 6) continue;
        if (y + dy < 0 || y + dy >= ny || z + dz < 0) continue;
        const reach = connectivity === 26 || (connectivity === 18 && steps === 1) ? 1 : 0;
        joinLines(runs, sets, line, line + dy + ny * dz, nx, reach);
      }
    }
  }
  return numberComponents(runs, sets);
}

/** Offsets (y, z) of the neighbouring lines that come earlier in scan order. */
const EARLIER_LINES = [
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

interface Runs {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Index of the first run of each line along x, and of the end. */
  readonly lines: Uint32Array;
}

function collectRuns(labels: Uint8Array, nx: number, lineCount: number, label: number): Runs {
  let starts = new Uint32Array(1024);
  let ends = new Uint32Array(1024);
  const lines = new Uint32Array(lineCount + 1);
  let count = 0;
  for (let line = 0; line < lineCount; line++) {
    const lineEnd = (line + 1) * nx;
    let at = line * nx;
    while ((at = labels.indexOf(label, at)) !== -1 && at < lineEnd) {
      if (count === starts.length) {
        starts = grown(starts);
        ends = grown(ends);
      }
      starts[count] = at;
      while (at < lineEnd && labels[at] === label) at++;
      ends[count++] = at;
    }
    lines[line + 1] = count;
    if (at === -1) {
      lines.fill(count, line + 1);
      break;
    }
    // The next voxel of this label lies lines ahead: those between hold no run.
    const nextLine = Math.floor(at / nx);
    if (nextLine > line + 1) {
      lines.fill(count, line + 1, nextLine + 1);
      line = nextLine - 1;
    }
  }
  return { starts: starts.subarray(0, count), ends: ends.subarray(0, count), lines };
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Joins the runs of two lines that touch, allowing `reach` voxels of offset along x. */
function joinLines(
  runs: Runs,
  sets: UnionFind,
  line: number,
  earlier: number,
  nx: number,
  reach: number,
): void {
  const { starts, ends, lines } = runs;
  const shift = (line - earlier) * nx;
  let b = lines[earlier]!;
  const lastB = lines[earlier + 1]!;
  for (let a = lines[line]!; a < lines[line + 1]! && b < lastB; a++) {
    const from = starts[a]! - reach;
    const to = ends[a]! + reach;
    while (b < lastB && ends[b]! + shift <= from) b++;
    for (let other = b; other < lastB && starts[other]! + shift < to; other++) sets.join(a, other);
  }
}

function numberComponents(runs: Runs, sets: UnionFind): ComponentRuns {
  const { starts, ends } = runs;
  const labels = new Uint32Array(starts.length);
  const voxels: number[] = [];
  for (let run = 0; run < starts.length; run++) {
    // A set's root is its first run, so it has been numbered before its other runs are met.
    const root = sets.find(run);
    if (root === run) {
      voxels.push(0);
      labels[run] = voxels.length;
    } else labels[run] = labels[root]!;
    voxels[labels[run]! - 1]! += ends[run]! - starts[run]!;
  }
  return { count: voxels.length, starts, ends, labels, voxels: Float64Array.from(voxels) };
}

function assertArguments(labels: Uint8Array, size: Vec3, connectivity: number): void {
  const count = size[0] * size[1] * size[2];
  if (labels.length !== count || !(count > 0)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `size [${size.join(', ')}] needs ${count} voxels, got ${labels.length}`,
    });
  }
  if (![6, 18, 26].includes(connectivity)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `connectivity: expected 6, 18 or 26, got ${connectivity}`,
    });
  }
}

/** Disjoint sets of the numbers 0 to n-1. The smallest member of a set is its root. */
class UnionFind {
  readonly #parent: Uint32Array;

  constructor(count: number) {
    this.#parent = Uint32Array.from({ length: count }, (_, i) => i);
  }

  /** The smallest member of the set that `i` is in. */
  find(i: number): number {
    const parent = this.#parent;
    while (parent[i] !== i) {
      // Path halving: each visited member is hung one step closer to its root.
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  }

  join(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
  }
}

/** Mean voxel index along x, y, z of each component; element 0 is component 1. */
export function componentCentroids(runs: ComponentRuns, size: Vec3): Vec3[] {
  const { starts, ends, labels, voxels } = runs;
  const sums = Array.from(voxels, () => [0, 0, 0]);
  for (let run = 0; run < starts.length; run++) {
    const [x, y, z] = voxelIndex(size, starts[run]!);
    const n = ends[run]! - starts[run]!;
    const sum = sums[labels[run]! - 1]!;
    sum[0]! += ((2 * x + n - 1) * n) / 2;
    sum[1]! += y * n;
    sum[2]! += z * n;
  }
  return sums.map(([x, y, z], i) => [x! / voxels[i]!, y! / voxels[i]!, z! / voxels[i]!]);
}

/**
 * The number of voxels and the centroid of the largest 26-connected component of the voxels that are
 * 1, or undefined when there is none. Of several of the same size it is the one with the first voxel
 * in the array's order: scikit-image numbers components so, for 'xyz' those of an array indexed
 * (x, y, z), whose last axis is fastest.
 */
export function largestComponent(
  mask: Uint8Array,
  size: Vec3,
  order: 'xyz' | 'zyx' = 'xyz',
): { readonly count: number; readonly centroid: Vec3 } | undefined {
  const runs = componentRuns(mask, size, 1, 26);
  const { starts, labels, voxels } = runs;
  const count = voxels.reduce((most, n) => Math.max(most, n), 0);
  let [best, first] = [-1, Infinity];
  labels.forEach((label, run) => {
    if (voxels[label - 1] !== count) return;
    const [x, y, z] = voxelIndex(size, starts[run]!);
    const position = order === 'xyz' ? (x * size[1] + y) * size[2] + z : starts[run]!;
    if (position < first) [best, first] = [label - 1, position];
  });
  return best < 0 ? undefined : { count, centroid: componentCentroids(runs, size)[best]! };
}
