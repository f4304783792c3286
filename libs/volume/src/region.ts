import { voxelToWorld } from './grid.ts';
import type { Grid, NumericVoxelArray, Vec3, Volume } from './volume.ts';

/** A box of voxels: first index and number of voxels along x, y, z. */
export interface Region {
  readonly start: Vec3;
  readonly size: Vec3;
}

/** Builds a vector from a function of the axis (0 = x, 1 = y, 2 = z). */
export function perAxis(value: (axis: 0 | 1 | 2) => number): Vec3 {
  return [value(0), value(1), value(2)];
}

/** The region that covers a whole grid. */
export function wholeRegion(grid: Pick<Grid, 'size'>): Region {
  return { start: [0, 0, 0], size: grid.size };
}

/**
 * The grid of a region, which may reach beyond its parent; the world position of a voxel that lies
 * in both is the same.
 */
export function gridOfRegion(grid: Grid, region: Region): Grid {
  return {
    size: region.size,
    spacing: grid.spacing,
    origin: voxelToWorld(grid, region.start),
    direction: grid.direction,
  };
}

/** The box that two regions share, or undefined when there is none. */
export function intersect(one: Region, other: Region): Region | undefined {
  const start = perAxis((a) => Math.max(one.start[a], other.start[a]));
  const size = perAxis(
    (a) => Math.min(one.start[a] + one.size[a], other.start[a] + other.size[a]) - start[a],
  );
  return size.every((n) => n > 0) ? { start, size } : undefined;
}

/** Copies a region of a volume to `out`, row by row. */
export function copyBox<Data extends NumericVoxelArray>(
  { data, size }: Pick<Volume<NumericVoxelArray>, 'data' | 'size'>,
  { start, size: [nx, ny, nz] }: Region,
  out: Data,
): Data {
  let to = 0;
  for (let z = start[2]; z < start[2] + nz; z++) {
    for (let y = start[1]; y < start[1] + ny; y++, to += nx) {
      const from = start[0] + size[0] * (y + size[1] * z);
      out.set(data.subarray(from, from + nx), to);
    }
  }
  return out;
}

/** Copies the voxels of a box to where it lies in a volume of `size` voxels. */
export function pasteBox<Data extends Float32Array | Uint8Array>(
  data: Data,
  box: Region,
  size: Vec3,
  out: Data,
): void {
  const [nx, ny, nz] = box.size;
  if (nx === size[0] && ny === size[1]) {
    return out.set(data.subarray(0, nx * ny * nz), nx * ny * box.start[2]);
  }
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = nx * (y + ny * z);
      const to = box.start[0] + size[0] * (box.start[1] + y + size[1] * (box.start[2] + z));
      out.set(data.subarray(from, from + nx), to);
    }
  }
}
