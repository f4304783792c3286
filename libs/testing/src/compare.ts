import { sameNumbers, type Grid, type NumericVoxelArray, type Volume } from '@hecktor/volume';

/** The largest absolute difference of two arrays, and where it is. NaN differs from everything. */
export function maxDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { readonly value: number; readonly index: number } {
  if (actual.length !== expected.length) {
    throw new Error(`expected ${expected.length} values, got ${actual.length}`);
  }
  let value = 0;
  let index = -1;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (difference <= value) continue;
    index = i;
    value = Number.isNaN(difference) ? Infinity : difference;
    if (value === Infinity) break;
  }
  return { value, index };
}

/** The fraction of voxels that are equal, 0 to 1. */
export function agreement(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    throw new Error(`expected ${expected.length} values, got ${actual.length}`);
  }
  let same = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] === expected[i]) same++;
  return same / actual.length;
}

/** Throws, naming the first field that differs, unless two grids agree within `tolerance` (mm). */
export function expectGrid(actual: Grid, expected: Grid, tolerance = 1e-6): void {
  for (const field of ['size', 'spacing', 'origin', 'direction'] as const) {
    const limit = field === 'size' ? 0 : tolerance;
    if (!sameNumbers(actual[field], expected[field], limit)) {
      throw new Error(
        `${field}: expected [${[...expected[field]].join(', ')}], got [${[...actual[field]].join(', ')}]`,
      );
    }
  }
}

/** Throws unless two volumes share a grid and no voxel differs by more than `tolerance`. */
export function expectVolume(
  actual: Volume<NumericVoxelArray>,
  expected: Volume<NumericVoxelArray>,
  tolerance = 0,
): void {
  expectGrid(actual, expected);
  const { value, index } = maxDifference(actual.data, expected.data);
  if (value <= tolerance) return;
  const [nx, ny] = expected.size;
  const at = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))];
  throw new Error(`voxel [${at.join(', ')}] differs by ${value}, more than ${tolerance}`);
}

/** Dice coefficient of one label of two label maps; 1 when both lack it. */
export function labelDice(a: ArrayLike<number>, b: ArrayLike<number>, label: number): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const inA = a[i] === label;
    const inB = b[i] === label;
    if (inA && inB) both++;
    if (inA) sum++;
    if (inB) sum++;
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}
