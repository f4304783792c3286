import { connectedComponents, voxelToWorld, type Vec3, type Volume } from '@hecktor/volume';

/**
 * The world position (LPS, mm) to cut through: the voxel of the largest lesion that lies nearest
 * its centroid. An empty mask gives the middle of the image.
 */
export function findFocus(labels: Volume<Uint8Array>): Vec3 {
  const [nx, ny, nz] = labels.size;
  const lesions = connectedComponents(labels.data, labels.size, 26);
  if (lesions.count === 0) return voxelToWorld(labels, [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]);
  let largest = 1;
  for (let i = 2; i <= lesions.count; i++) {
    if (lesions.voxels[i - 1]! > lesions.voxels[largest - 1]!) largest = i;
  }
  const members: Vec3[] = [];
  lesions.labels.forEach((component, at) => {
    if (component !== largest) return;
    members.push([at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]);
  });
  const mean = ([0, 1, 2] as const).map(
    (axis) => members.reduce((sum, index) => sum + index[axis], 0) / members.length,
  ) as unknown as Vec3;
  const away = (index: Vec3) => Math.hypot(...index.map((value, axis) => value - mean[axis]!));
  const nearest = members.reduce((best, index) => (away(index) < away(best) ? index : best));
  return voxelToWorld(labels, nearest);
}
