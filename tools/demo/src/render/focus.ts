import { voxelToWorld, type NumericVoxelArray, type Vec3, type Volume } from '@hecktor/volume';

/**
 * The world position (LPS, mm) that the pictures are centred on: per voxel axis the slice with most
 * voxels of the primary tumour (else of the nodes, else the image's centre).
 */
export function focusOf(masks: readonly Volume<NumericVoxelArray>[]): Vec3 {
  for (const label of [1, 2]) {
    for (const mask of masks) {
      const index = busiestSlices(mask, label);
      if (index !== undefined) return voxelToWorld(mask, index);
    }
  }
  const first = masks[0]!;
  return voxelToWorld(first, first.size.map((n) => (n - 1) / 2) as unknown as Vec3);
}

function busiestSlices(mask: Volume<NumericVoxelArray>, label: number): Vec3 | undefined {
  const counts = mask.size.map((n) => new Uint32Array(n));
  const [nx, ny, nz] = mask.size;
  let found = false;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask.data[at] !== label) continue;
        found = true;
        counts[0]![i]!++;
        counts[1]![j]!++;
        counts[2]![k]!++;
      }
    }
  }
  if (!found) return undefined;
  return counts.map((count) => count.indexOf(Math.max(...count))) as unknown as Vec3;
}
