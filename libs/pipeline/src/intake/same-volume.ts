import type { Vec3 } from '@hecktor/volume';
import type { CoarseImage } from './coarse-image.ts';
import { CELL, type Outline } from './outline.ts';

const { max } = Math;
const { isNaN } = Number;

/** What a PET has where a CT has the body, whatever its units and wherever it lies. */
export interface SameVolume {
  /** Above it the PET has as many cells as the body. */
  readonly threshold: number;
  /** Median of these cells. */
  readonly median: number;
  /** Share of the body that the PET sees. */
  readonly seen: number;
}

/** Compares the body in a CT with a PET that is shifted by some cells, among the cells that both see. */
export function sameVolume(body: Outline, pet: CoarseImage, shift: Vec3): SameVolume {
  const [nx, ny, nz] = body.size;
  const [mx, my, mz] = pet.size;
  const off = body.start.map((start, axis) => start - pet.start[axis]! - shift[axis]!);
  const values = new Float32Array(pet.values.length);
  let [count, inBody] = [0, 0];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const cell = body.cells[i + nx * (j + ny * k)]!;
        const [x, y, z] = [i + off[0]!, j + off[1]!, k + off[2]!];
        if (x < 0 || y < 0 || z < 0 || x >= mx || y >= my || z >= mz) continue;
        const value = pet.values[x + mx * (y + my * z)]!;
        if (cell === CELL.unseen || isNaN(value)) continue;
        values[count++] = value;
        inBody += cell;
      }
    }
  }
  const sorted = values.subarray(0, count).sort();
  return {
    threshold: sorted[max(0, count - 1 - inBody)] ?? 0,
    median: sorted[count - 1 - (inBody >> 1)] ?? 0,
    seen: inBody / (body.body.length / 3),
  };
}
