import type { Label } from '@hecktor/case-io';
import {
  componentCentroids,
  componentRuns,
  linearValue,
  voxelIndex,
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
 * The lesions of a label map: 26-connected components of each label, by falling volume. SUVmax is of
 * the PET interpolated linearly at the mask's voxel centres, as in `mask.GTV.SUVmax`.
 */
export function findLesions(name: string, mask: Mask, options: LesionOptions): Lesion[] {
  const millilitres = mask.spacing.reduce((product, side) => product * side, 1) / 1000;
  return options.labels.flatMap(({ name: labelName, value }) =>
    componentsOf(mask, value)
      .sort((a, b) => b.voxels.length - a.voxels.length)
      .map(({ centroid, voxels }, i) => ({
        mask: name,
        title: `${labelName} ${i + 1}`,
        label: value,
        volume: voxels.length * millilitres,
        suvMax: highest(mask, voxels, options.pet),
        centre: toRas(voxelToWorld(mask, nearest(voxels, centroid))),
        absentIn: options.others
          .filter(([, other]) =>
            voxels.every((voxel) => labelAt(other, voxelToWorld(mask, voxel)) !== value),
          )
          .map(([other]) => other),
      })),
  );
}

interface Component {
  readonly centroid: Vec3;
  readonly voxels: Vec3[];
}

function componentsOf(mask: Mask, label: number): Component[] {
  const runs = componentRuns(mask.data, mask.size, label, 26);
  const components = componentCentroids(runs, mask.size).map((centroid): Component => ({
    centroid,
    voxels: [],
  }));
  runs.starts.forEach((start, run) => {
    const { voxels } = components[runs.labels[run]! - 1]!;
    for (let at = start; at < runs.ends[run]!; at++) voxels.push(voxelIndex(mask.size, at));
  });
  return components;
}

/** The voxel nearest to a place, which the centroid of a bent lesion is none of. */
function nearest(voxels: readonly Vec3[], [x, y, z]: Vec3): Vec3 {
  let [best, least] = [voxels[0]!, Infinity];
  for (const voxel of voxels) {
    const square = (voxel[0] - x) ** 2 + (voxel[1] - y) ** 2 + (voxel[2] - z) ** 2;
    if (square < least) [best, least] = [voxel, square];
  }
  return best;
}

function highest(
  mask: Mask,
  voxels: readonly Vec3[],
  pet: Volume<NumericVoxelArray> | undefined,
): number | undefined {
  if (pet === undefined) return undefined;
  let most = -Infinity;
  for (const voxel of voxels) {
    const value = linearValue(pet, worldToVoxel(pet, voxelToWorld(mask, voxel)));
    if (value !== undefined && value > most) most = value;
  }
  return Number.isFinite(most) ? most : undefined;
}

function toRas([l, p, s]: Vec3): Vec3 {
  return [-l, -p, s];
}

function labelAt(mask: Mask, position: Vec3): number {
  const index = worldToVoxel(mask, position).map(Math.round);
  const [x, y, z] = index as [number, number, number];
  const [nx, ny] = mask.size;
  const inside = index.every((i, axis) => i >= 0 && i < mask.size[axis]!);
  return inside ? mask.data[x + nx * (y + ny * z)]! : 0;
}
