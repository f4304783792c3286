import type { Label } from '@hecktor/case-io';
import { lesionsOf } from '@hecktor/features/uptake';
import {
  toVec3,
  voxelToWorld,
  worldToVoxel,
  type NumericVoxelArray,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { Lesion } from './api.ts';

type Mask = Volume<Uint8Array>;

export interface LesionOptions {
  readonly labels: readonly Label[];
  readonly pet?: Volume<NumericVoxelArray> | undefined;
  /** Label maps to look for each lesion in. */
  readonly others: readonly (readonly [name: string, mask: Mask])[];
}

/**
 * The lesions of a label map: 26-connected components of each label, by falling volume.
 *
 * @throws HecktorError IMAGE_NOT_FINITE, as `lesionsOf` does.
 */
export function findLesions(name: string, mask: Mask, options: LesionOptions): Lesion[] {
  const { labels, pet, others } = options;
  return labels.flatMap(({ name: labelName, value }) =>
    lesionsOf(mask, value, 26, pet)
      .sort((a, b) => b.volume - a.volume)
      .map(({ indices, volume, suvMax }, i) => {
        const voxels = Array.from({ length: indices.length / 3 }, (_, at) =>
          toVec3(indices.subarray(3 * at, 3 * at + 3)),
        );
        const [left, posterior, superior] = voxelToWorld(mask, nearestToCentroid(voxels));
        return {
          ...{ mask: name, title: `${labelName} ${i + 1}`, label: value, volume, suvMax },
          centre: [-left, -posterior, superior],
          absentIn: others
            .filter(([, other]) =>
              voxels.every((voxel) => labelAt(other, voxelToWorld(mask, voxel)) !== value),
            )
            .map(([other]) => other),
        };
      }),
  );
}

/** The centroid itself lies in none of the voxels of a bent lesion. */
function nearestToCentroid(voxels: readonly Vec3[]): Vec3 {
  const [x, y, z] = [0, 1, 2].map(
    (axis) => voxels.reduce((sum, voxel) => sum + voxel[axis]!, 0) / voxels.length,
  ) as [number, number, number];
  const square = (voxel: Vec3) => (voxel[0] - x) ** 2 + (voxel[1] - y) ** 2 + (voxel[2] - z) ** 2;
  return voxels.reduce((best, voxel) => (square(voxel) < square(best) ? voxel : best));
}

function labelAt(mask: Mask, position: Vec3): number {
  const [x, y, z] = toVec3(worldToVoxel(mask, position).map(Math.round));
  const [nx, ny] = mask.size;
  const inside = [x, y, z].every((i, axis) => i >= 0 && i < mask.size[axis]!);
  return inside ? mask.data[x + nx * (y + ny * z)]! : 0;
}
