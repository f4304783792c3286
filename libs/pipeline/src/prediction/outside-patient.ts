import { voxelToWorld, type Grid, type Vec3 } from '@hecktor/volume';

/**
 * Whether an image lies wholly outside of another, judged by boxes around their voxels along the
 * axes of the world.
 */
export function isOutside(image: Grid, of: Grid): boolean {
  const a = worldBox(image);
  const b = worldBox(of);
  return [0, 1, 2].some(
    (axis) => a.upper[axis]! <= b.lower[axis]! || b.upper[axis]! <= a.lower[axis]!,
  );
}

function worldBox(grid: Grid): { lower: number[]; upper: number[] } {
  const lower = [Infinity, Infinity, Infinity];
  const upper = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    // Edges of the outer voxels, half a voxel beyond their centres.
    const index = grid.size.map((n, axis) => ((corner >> axis) & 1 ? n - 0.5 : -0.5));
    voxelToWorld(grid, index as unknown as Vec3).forEach((x, axis) => {
      lower[axis] = Math.min(lower[axis]!, x);
      upper[axis] = Math.max(upper[axis]!, x);
    });
  }
  return { lower, upper };
}
