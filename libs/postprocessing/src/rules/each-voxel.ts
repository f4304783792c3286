import type { Region, Vec3 } from '@hecktor/volume';

/** Visits the voxels of a box, x fastest: where each lies in the image, and which one it is. */
export function eachVoxel(
  { start, size }: Region,
  [nx, ny]: Vec3,
  visit: (at: number, i: number) => void,
): void {
  let i = 0;
  for (let z = start[2]; z < start[2] + size[2]; z++) {
    for (let y = start[1]; y < start[1] + size[1]; y++) {
      const row = nx * (y + ny * z);
      for (let x = start[0]; x < start[0] + size[0]; x++) visit(row + x, i++);
    }
  }
}
