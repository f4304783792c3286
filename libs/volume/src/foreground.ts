import type { ComponentRuns } from './connected-components.ts';
import { voxelIndex } from './grid.ts';
import { perAxis, type Region } from './region.ts';
import type { Vec3 } from './volume.ts';

/** First and last foreground voxel along x, y, z. */
export interface Bounds {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

export function emptyBounds(): Bounds {
  return { low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] };
}

/** Widens the bounds by the voxels above a value of some slices, the first of which is slice `z`. */
export function addForeground(
  values: Float32Array | Uint8Array,
  [width, height]: Vec3,
  z: number,
  above: number,
  bounds: Bounds,
): void {
  for (let row = 0; row * width < values.length; row++) {
    const at = row * width;
    let first = 0;
    while (first < width && !(values[at + first]! > above)) first++;
    if (first === width) continue;
    let last = width - 1;
    while (!(values[at + last]! > above)) last--;
    addRun(bounds, first, last, [row % height, z + Math.floor(row / height)]);
  }
}

/** The bounds of each component; element 0 is component 1. */
export function componentBounds({ starts, ends, labels, voxels }: ComponentRuns, size: Vec3) {
  const all = Array.from(voxels, emptyBounds);
  labels.forEach((component, run) => {
    const [x, y, z] = voxelIndex(size, starts[run]!);
    addRun(all[component - 1]!, x, x + ends[run]! - starts[run]! - 1, [y, z]);
  });
  return all;
}

/** Widens the bounds by voxels along x. */
function addRun(
  { low, high }: Bounds,
  first: number,
  last: number,
  [y, z]: [number, number],
): void {
  low[0] = Math.min(low[0], first);
  high[0] = Math.max(high[0], last);
  low[1] = Math.min(low[1], y);
  high[1] = Math.max(high[1], y);
  low[2] = Math.min(low[2], z);
  high[2] = Math.max(high[2], z);
}

/** The box of the bounds and a margin around it, as far as the image reaches. */
export function boundingBox(
  { low, high }: Bounds,
  size: Vec3,
  margin: Vec3 = [0, 0, 0],
): Region | undefined {
  if (high[2] < 0) return undefined;
  const start = perAxis((a) => Math.max(low[a] - margin[a], 0));
  return { start, size: perAxis((a) => Math.min(high[a] + margin[a] + 1, size[a]) - start[a]) };
}

/** The smallest box that holds all voxels of some masks of one size that are not 0. */
export function boxOf(size: Vec3, ...masks: readonly Uint8Array[]): Region | undefined {
  const found = emptyBounds();
  for (const mask of masks) addForeground(mask, size, 0, 0, found);
  return boundingBox(found, size);
}
