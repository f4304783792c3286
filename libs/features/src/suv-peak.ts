import { toVec3, type NumericVoxelArray, type Volume } from '@hecktor/volume';
import { indexMap } from './interpolate.ts';
import type { TargetVoxels } from './targets.ts';

const RADIUS = Math.cbrt((3 * 1000) / (4 * Math.PI));

/**
 * The highest mean SUV of a sphere of 1 mL around a voxel of the target, or undefined when there is
 * no PET voxel in any.
 *
 * The sphere holds the PET voxels, inside the target or not, whose centres are at most 6.2 mm away.
 * On one grid this is the "global intensity peak" of the Image Biomarker Standardisation Initiative
 * (Zwanenburg et al., Radiology 2020, 295:328; reference manual, 3.2.2), after the 1.2 cm sphere of
 * PERCIST (Wahl et al., J Nucl Med 2009, 50 Suppl 1:122S).
 */
export function suvPeak(
  { mask, indices }: TargetVoxels,
  pet: Volume<NumericVoxelArray>,
): number | undefined {
  const map = indexMap(mask, pet);
  const centre = new Float64Array(3);
  let best: number | undefined;
  for (let i = 0; i < indices.length; i += 3) {
    map(toVec3(indices.subarray(i, i + 3)), centre);
    const mean = sphereMean(pet, centre);
    if (mean !== undefined && (best === undefined || mean > best)) best = mean;
  }
  return best;
}

function sphereMean(
  { data, size, spacing }: Volume<NumericVoxelArray>,
  centre: Float64Array,
): number | undefined {
  // Voxels whose centres lie on the sphere belong to it, whatever rounding makes of them.
  const square = RADIUS * RADIUS * (1 + 1e-12);
  const range = ([0, 1, 2] as const).map((a) => [
    Math.max(Math.ceil(centre[a]! - RADIUS / spacing[a]), 0),
    Math.min(Math.floor(centre[a]! + RADIUS / spacing[a]), size[a] - 1),
  ]);
  const [xs, ys, zs] = range as [number[], number[], number[]];
  let sum = 0;
  let count = 0;
  for (let z = zs[0]!; z <= zs[1]!; z++) {
    const dz = (z - centre[2]!) * spacing[2];
    for (let y = ys[0]!; y <= ys[1]!; y++) {
      const dy = (y - centre[1]!) * spacing[1];
      for (let x = xs[0]!; x <= xs[1]!; x++) {
        const dx = (x - centre[0]!) * spacing[0];
        if (dx * dx + dy * dy + dz * dz > square) continue;
        sum += data[x + size[0] * (y + size[1] * z)]!;
        count++;
      }
    }
  }
  return count === 0 ? undefined : sum / count;
}
