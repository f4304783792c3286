import { boxOf, perAxis, voxelToWorld, worldToVoxel } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { centroid, distance, lesionCentroids, nearestDistance } from './distances.ts';
import type { TargetVoxels } from './targets.ts';

/** Distances in mm from the primary at which nodes count as near, middle and far. */
const BANDS = [30, 60] as const;

/** Radiodensity in HU above which a voxel belongs to the body. */
const BODY = -300;

/** What is known of nodes where there is no tumour at all. */
export const NO_NODES = {
  'mask.GTVn.left': 0,
  'mask.GTVn.right': 0,
  'mask.GTVn.bilateral': 0,
} as const;

/** Extents in mm of a target's box of voxels along the voxel axes: `extentX`, `extentY`, `extentZ`. */
export function extents({ mask }: TargetVoxels): Record<string, number> {
  const { size } = boxOf(mask.size, mask.data)!;
  const [extentX, extentY, extentZ] = perAxis((a) => size[a] * mask.spacing[a]);
  return { extentX, extentY, extentZ };
}

/**
 * Where the nodal lesions are, by their centroids; counts are 0 without nodes:
 *
 * - `mask.GTVn.left`, `right`: lesions on the patient's left (LPS: x above the midline) and right;
 *   `bilateral`: 1 with lesions on both, else 0. `contralateral`: lesions on the other side than the
 *   centroid of GTVp.
 * - `mask.GTVn.near`, `middle`, `far`: lesions less than 30, less than 60, and 60 mm or more away from
 *   the centroid of GTVp.
 * - `mask.GTVn.closest`: mm between the two closest lesions.
 * - `mask.distance.mean`, `farthest`: mm from the centroid of GTVp to a nodal lesion, on average and
 *   at most. `lowest`: how far in mm the lowest lesion lies below that centroid. `nearest`: mm between
 *   the closest voxel centres of GTVp and GTVn.
 *
 * What refers to GTVp or to lesions that are not there is missing.
 *
 * @param midline - World x in mm of the plane between the sides.
 */
export function nodeGeometry(
  primary: TargetVoxels,
  nodal: TargetVoxels,
  minLesion: number,
  midline: number,
): Record<string, number> {
  const nodes = lesionCentroids(nodal.mask, minLesion);
  const left = nodes.filter(([x]) => x > midline).length;
  const right = nodes.length - left;
  const features: Record<string, number> = {
    'mask.GTVn.left': left,
    'mask.GTVn.right': right,
    'mask.GTVn.bilateral': left > 0 && right > 0 ? 1 : 0,
  };
  const between = nodes.flatMap((one, i) =>
    nodes.slice(i + 1).map((other) => distance(one, other)),
  );
  if (between.length > 0) features['mask.GTVn.closest'] = Math.min(...between);
  if (primary.indices.length === 0) return features;
  const centre = centroid(primary);
  features['mask.GTVn.contralateral'] = centre[0] > midline ? right : left;
  const away = nodes.map((node) => distance(centre, node));
  const within = (from: number, to: number): number =>
    away.filter((mm) => mm >= from && mm < to).length;
  features['mask.GTVn.near'] = within(0, BANDS[0]);
  features['mask.GTVn.middle'] = within(...BANDS);
  features['mask.GTVn.far'] = within(BANDS[1], Infinity);
  const nearest = nearestDistance(primary, nodal);
  if (nearest !== undefined) features['mask.distance.nearest'] = nearest;
  if (nodes.length === 0) return features;
  features['mask.distance.farthest'] = Math.max(...away);
  features['mask.distance.mean'] = away.reduce((sum, mm) => sum + mm, 0) / away.length;
  features['mask.distance.lowest'] = centre[2] - Math.min(...nodes.map(([, , z]) => z));
  return features;
}

/**
 * World x in mm of the patient's midline: the centroid of the CT's body in the slices that hold
 * tumour, by every fourth voxel along x and y; the middle of the labels' grid where there is none.
 */
export function bodyMidline(
  labels: Grid,
  tumours: Grid,
  ct: Volume<NumericVoxelArray> | undefined,
): number {
  const { size } = labels;
  const [, , first] = worldToVoxel(labels, tumours.origin).map(Math.round) as [...Vec3];
  let [count, x, y, z] = [0, 0, 0, 0];
  for (let k = first; ct !== undefined && k < first + tumours.size[2]; k++) {
    for (let j = 0; j < size[1]; j += 4) {
      for (let i = 0; i < size[0]; i += 4) {
        if (ct.data[i + size[0] * (j + size[1] * k)]! <= BODY) continue;
        count++;
        x += i;
        y += j;
        z += k;
      }
    }
  }
  const middle: Vec3 =
    count > 0
      ? [x / count, y / count, z / count]
      : [(size[0] - 1) / 2, (size[1] - 1) / 2, (size[2] - 1) / 2];
  return voxelToWorld(labels, middle)[0];
}
