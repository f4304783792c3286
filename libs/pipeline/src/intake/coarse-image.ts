import type { Grid, NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { perAxis, worldBox, worldToVoxel } from '@hecktor/volume';

const { ceil, floor, max, round } = Math;
const { isFinite } = Number;

/** Edge of a cell, mm: a head is some 20 of them wide, and a PET resolves little more. */
const CELL_MM = 8;
/** Cells of one image at most. A body of 0.5 x 0.5 x 2 m has half as many; a lost spacing many more. */
const MOST_CELLS = 2_000_000;

/** An image by the means of cells that lie on one lattice for all images, x fastest. */
export interface CoarseImage {
  /** Cells along the axes of the world, x, y, z (LPS). */
  readonly size: Vec3;
  /** Lattice index of the first cell; its lower corner is at `start * cell`, mm. */
  readonly start: Vec3;
  /** Edge of a cell, mm. */
  readonly cell: number;
  /** NaN where the image has no finite voxel. */
  readonly values: Float32Array;
}

/** The edge of the cells, mm, in which all of some images can be looked at. */
export function cellEdge(images: readonly Grid[]): number {
  let cell = CELL_MM;
  const cells = (image: Grid) => latticeOf(image, cell).size.reduce((a, b) => a * b);
  while (images.some((image) => cells(image) > MOST_CELLS)) cell *= 2;
  return cell;
}

/**
 * The mean of an image in each cell of `cell` mm, from the voxels nearest to 2x2x2 points of it.
 * What is judged by it depends neither on the grid nor on the direction of the image.
 */
export function coarseImage(image: Volume<NumericVoxelArray>, cell: number): CoarseImage {
  const { size, start } = latticeOf(image, cell);
  const [nx, ny, nz] = size;
  const values = new Float32Array(nx * ny * nz);
  const counts = new Uint8Array(values.length);
  const [sx, sy, sz] = image.size;
  const { data } = image;
  // Half a cell from point to point, the first a quarter inside its cell; in voxels.
  const first = perAxis((a) => (start[a] + 0.25) * cell);
  const at = worldToVoxel(image, first);
  const step = (axis: number): Vec3 => {
    const next = perAxis((a) => (a === axis ? first[a] + cell / 2 : first[a]));
    const there = worldToVoxel(image, next);
    return perAxis((a) => there[a] - at[a]);
  };
  const [dx, dy, dz] = [step(0), step(1), step(2)];
  for (let k = 0; k < 2 * nz; k++) {
    for (let j = 0; j < 2 * ny; j++) {
      const row = nx * ((j >> 1) + ny * (k >> 1));
      for (let i = 0; i < 2 * nx; i++) {
        const x = round(at[0] + i * dx[0] + j * dy[0] + k * dz[0]);
        const y = round(at[1] + i * dx[1] + j * dy[1] + k * dz[1]);
        const z = round(at[2] + i * dx[2] + j * dy[2] + k * dz[2]);
        if (x < 0 || y < 0 || z < 0 || x >= sx || y >= sy || z >= sz) continue;
        const value = data[x + sx * (y + sy * z)]!;
        if (!isFinite(value)) continue;
        values[row + (i >> 1)]! += value;
        counts[row + (i >> 1)]!++;
      }
    }
  }
  for (let c = 0; c < values.length; c++) values[c] = values[c]! / counts[c]!;
  return { size, start, cell, values };
}

function latticeOf(image: Grid, cell: number): { readonly size: Vec3; readonly start: Vec3 } {
  const { lower, upper } = worldBox(image);
  const start = perAxis((a) => floor(lower[a] / cell));
  return { size: perAxis((a) => max(1, ceil(upper[a] / cell) - start[a])), start };
}
