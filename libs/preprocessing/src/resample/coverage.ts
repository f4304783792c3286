import { perAxis } from '@hecktor/volume';
import type { Grid, Vec3 } from '@hecktor/volume';
import { mapIndex, relateGrids } from './relate-grids.ts';

/** Lines along x that are looked at, at most, along y and along z. */
const MOST_LINES = 256;

/**
 * The share, from 0 to 1, of a grid's voxel centres that lie inside the outer voxel edges of an
 * image; elsewhere resampling has nothing but the outside value. 0 means that the two never meet.
 * On large grids it is the share on evenly spaced lines of voxels.
 */
export function coverage(image: Grid, grid: Grid): number {
  const { map } = relateGrids(grid, image);
  const [width, height, depth] = grid.size;
  const first = mapIndex(map, 0, 0, 0);
  const next = mapIndex(map, 1, 0, 0);
  const way = perAxis((a) => next[a] - first[a]);
  const rows = samples(height);
  const slices = samples(depth);
  let inside = 0;
  for (const z of slices) {
    for (const y of rows) inside += countInside(mapIndex(map, 0, y, z), way, image.size, width);
  }
  return inside / (width * rows.length * slices.length);
}

/** How many of the positions `start + i * way`, i < `count`, lie in an image of `size` voxels. */
function countInside(start: Vec3, way: Vec3, size: Vec3, count: number): number {
  let from = 0;
  let to = count;
  for (const a of [0, 1, 2] as const) {
    const low = -0.5 - start[a];
    const high = size[a] - 0.5 - start[a];
    if (Math.abs(way[a]) < 1e-12) {
      if (low > 0 || high <= 0) return 0;
      continue;
    }
    const ends = [low / way[a], high / way[a]];
    from = Math.max(from, Math.ceil(Math.min(...ends)));
    to = Math.min(to, Math.ceil(Math.max(...ends)));
  }
  return Math.max(to - from, 0);
}

/** Up to {@link MOST_LINES} of `count` positions, in the middle of equal parts. */
function samples(count: number): number[] {
  const parts = Math.min(count, MOST_LINES);
  return Array.from({ length: parts }, (_, i) => Math.floor(((i + 0.5) * count) / parts));
}
