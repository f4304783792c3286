import { voxelToWorld, type Grid, type Vec3 } from '@hecktor/volume';

/** A picture plane in world space: pixel (u, v) lies at `corner + u * right + v * down`. */
export interface Plane {
  readonly name: 'axial' | 'coronal' | 'sagittal';
  readonly corner: Vec3;
  /** World step of one pixel to the right, mm. */
  readonly right: Vec3;
  /** World step of one pixel down, mm. */
  readonly down: Vec3;
  readonly width: number;
  readonly height: number;
}

/** World (LPS, mm) bounding box of the voxel centres of a grid. */
export function worldBounds(grid: Grid): { lower: Vec3; upper: Vec3 } {
  const lower: [number, number, number] = [Infinity, Infinity, Infinity];
  const upper: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const index: Vec3 = [
      corner & 1 ? grid.size[0] - 1 : 0,
      corner & 2 ? grid.size[1] - 1 : 0,
      corner & 4 ? grid.size[2] - 1 : 0,
    ];
    voxelToWorld(grid, index).forEach((value, axis) => {
      lower[axis] = Math.min(lower[axis]!, value);
      upper[axis] = Math.max(upper[axis]!, value);
    });
  }
  return { lower, upper };
}

/**
 * The three orthogonal planes through `focus`, as radiologists look at them: the patient's right is
 * on the picture's left; anterior is up in axial and left in sagittal; superior is up.
 *
 * @param extent - Side length of the square field of view, mm.
 * @param pixel - Pixel size, mm.
 */
export function planesThrough(focus: Vec3, extent: number, pixel: number): readonly Plane[] {
  const count = Math.round(extent / pixel);
  const half = ((count - 1) / 2) * pixel;
  const [x, y, z] = focus;
  const square = { width: count, height: count };
  return [
    {
      name: 'axial',
      corner: [x - half, y - half, z],
      right: [pixel, 0, 0],
      down: [0, pixel, 0],
      ...square,
    },
    {
      name: 'coronal',
      corner: [x - half, y, z + half],
      right: [pixel, 0, 0],
      down: [0, 0, -pixel],
      ...square,
    },
    {
      name: 'sagittal',
      corner: [x, y - half, z + half],
      right: [0, pixel, 0],
      down: [0, 0, -pixel],
      ...square,
    },
  ];
}
