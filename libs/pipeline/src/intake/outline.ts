import { toVec3, type Vec3 } from '@hecktor/volume';
import type { CoarseImage } from './coarse-image.ts';

const { floor, max } = Math;
const { isNaN } = Number;

/** The cells of a coarse image that belong to the body, holes filled. */
export interface Outline extends Pick<CoarseImage, 'size' | 'start' | 'cell'> {
  /** What each cell holds, x fastest. */
  readonly cells: Uint8Array;
  /** Lattice indices x, y, z of the cells of the body, one after the other. */
  readonly body: Int32Array;
  /** Mean of these, in lattice indices; of no cell 0. */
  readonly centre: Vec3;
}

/** What a cell holds; `unseen` where the image has no voxel. */
export const CELL = { outside: 0, body: 1, unseen: 2 } as const;

/**
 * The cells above a threshold, as far as they are more than a layer thick (what remains of a table
 * is not), and what they enclose in each slice: airways, lungs.
 */
export function outlineOf(image: CoarseImage, threshold: number): Outline {
  const { size, start, cell, values } = image;
  const cells = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    cells[at] = isNaN(value) ? CELL.unseen : value > threshold ? CELL.body : CELL.outside;
  }
  const [nx, ny, nz] = size;
  for (let k = 0; k < nz; k++) {
    const slice = cells.subarray(k * nx * ny, (k + 1) * nx * ny);
    openSlice(slice, nx);
    fillSlice(slice, nx);
  }
  const body: number[] = [];
  const sums = [0, 0, 0];
  for (let at = cells.indexOf(CELL.body); at !== -1; at = cells.indexOf(CELL.body, at + 1)) {
    const row = floor(at / nx);
    const x = start[0] + at - row * nx;
    const y = start[1] + (row % ny);
    const z = start[2] + floor(row / ny);
    body.push(x, y, z);
    sums[0]! += x;
    sums[1]! += y;
    sums[2]! += z;
  }
  const centre = toVec3(sums.map((sum) => sum / max(1, body.length / 3)));
  return { size, start, cell, cells, body: Int32Array.from(body), centre };
}

/** Keeps what lies in a block of 2x2 cells of the body (morphological opening). */
function openSlice(slice: Uint8Array, nx: number): void {
  const kept = new Uint8Array(slice.length);
  for (let at = 0; at + nx + 1 < slice.length; at++) {
    const isBlock =
      slice[at] === CELL.body &&
      slice[at + 1] === CELL.body &&
      slice[at + nx] === CELL.body &&
      slice[at + nx + 1] === CELL.body;
    if (!isBlock || (at + 1) % nx === 0) continue;
    kept[at] = kept[at + 1] = kept[at + nx] = kept[at + nx + 1] = 1;
  }
  for (let at = 0; at < slice.length; at++) {
    if (slice[at] === CELL.body && kept[at] === 0) slice[at] = CELL.outside;
  }
}

/** Air that no path in the slice joins to its edge, or to where the image ends, becomes body. */
function fillSlice(slice: Uint8Array, nx: number): void {
  const ny = slice.length / nx;
  const reached = new Uint8Array(slice.length);
  const queue: number[] = [];
  const reach = (at: number): void => {
    if (reached[at] === 1 || slice[at] === CELL.body) return;
    reached[at] = 1;
    queue.push(at);
  };
  for (let i = 0; i < nx; i++) [i, i + nx * (ny - 1)].forEach(reach);
  for (let j = 0; j < ny; j++) [nx * j, nx * j + nx - 1].forEach(reach);
  slice.forEach((cell, at) => cell === CELL.unseen && reach(at));
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const i = at % nx;
    if (i > 0) reach(at - 1);
    if (i < nx - 1) reach(at + 1);
    if (at >= nx) reach(at - nx);
    if (at < slice.length - nx) reach(at + nx);
  }
  for (let at = 0; at < slice.length; at++) if (reached[at] === 0) slice[at] = CELL.body;
}
