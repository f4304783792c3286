import { voxelToWorld, type Vec3 } from '@hecktor/volume';
import { assertSameMaskGrid, type Mask } from './overlap.ts';

/**
 * Both masks cut to the smallest box that holds all voxels of either that are not 0. Every score is
 * the same as that of the whole masks, lesions at the image's border included, at a fraction of the
 * time: lesions fill little of a scan.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function cropToLabels(truth: Mask, prediction: Mask): readonly [truth: Mask, Mask] {
  assertSameMaskGrid(truth, prediction);
  const low = [Infinity, Infinity, Infinity] as [number, number, number];
  const high = [-1, -1, -1] as [number, number, number];
  for (const mask of [truth, prediction]) widenBox(mask, low, high);
  // Both are empty: any voxel will do.
  if (high[0] < 0) return [cut(truth, [0, 0, 0], [1, 1, 1]), cut(prediction, [0, 0, 0], [1, 1, 1])];
  const size = high.map((end, axis) => end - low[axis]! + 1) as [number, number, number];
  return [cut(truth, low, size), cut(prediction, low, size)];
}

function widenBox(
  { data, size: [nx, ny, nz] }: Mask,
  low: [number, number, number],
  high: [number, number, number],
): void {
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row += nx) {
      let first = 0;
      while (first < nx && data[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (data[row + last] === 0) last--;
      low[0] = Math.min(low[0], first);
      low[1] = Math.min(low[1], y);
      low[2] = Math.min(low[2], z);
      high[0] = Math.max(high[0], last);
      high[1] = Math.max(high[1], y);
      high[2] = Math.max(high[2], z);
    }
  }
}

function cut(mask: Mask, low: Vec3, size: Vec3): Mask {
  const [nx, ny] = mask.size;
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, to = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++, to += size[0]) {
      const from = low[0] + nx * (low[1] + y + ny * (low[2] + z));
      data.set(mask.data.subarray(from, from + size[0]), to);
    }
  }
  return { ...mask, size, origin: voxelToWorld(mask, low), data };
}
