import type { FallbackMask } from '@hecktor/recipe';
import {
  componentRuns,
  createVolume,
  voxelCount,
  voxelToWorld,
  worldToVoxel,
} from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';

const { round } = Math;

type SuvThreshold = Extract<FallbackMask, { mask: 'suv-threshold' }>;

/**
 * The voxels of a grid whose nearest voxel of the PET reaches an SUV and lies in a connected part
 * (26 neighbours) of at most some volume, as a label map. What is not finite is not marked.
 */
export function suvMask(
  pet: Volume<NumericVoxelArray>,
  grid: Grid,
  { suv, label, maxVolume }: Omit<SuvThreshold, 'mask'>,
): Uint8Array {
  const hot = createVolume(
    pet,
    Uint8Array.from(pet.data, (v) => (v >= suv && v < Infinity ? 1 : 0)),
  );
  const { starts, ends, labels, voxels } = componentRuns(hot.data, pet.size, 1, 26);
  const volume = pet.spacing.reduce((product, mm) => product * mm, 1);
  for (let run = 0; run < starts.length; run++) {
    const isLarge = voxels[labels[run]! - 1]! * volume > maxVolume;
    hot.data.fill(isLarge ? 0 : label, starts[run]!, ends[run]!);
  }
  return nearest(hot, grid);
}

function nearest({ data, ...from }: Volume<Uint8Array>, to: Grid): Uint8Array {
  const out = new Uint8Array(voxelCount(to));
  const place = (index: Vec3) => worldToVoxel(from, voxelToWorld(to, index));
  const [sx, sy, sz] = from.size;
  let at = 0;
  for (let k = 0; k < to.size[2]; k++) {
    for (let j = 0; j < to.size[1]; j++) {
      const start = place([0, j, k]);
      const next = place([1, j, k]);
      const [dx, dy, dz] = [next[0] - start[0], next[1] - start[1], next[2] - start[2]];
      for (let i = 0; i < to.size[0]; i++, at++) {
        const x = round(start[0] + i * dx);
        const y = round(start[1] + i * dy);
        const z = round(start[2] + i * dz);
        if (x < 0 || y < 0 || z < 0 || x >= sx || y >= sy || z >= sz) continue;
        out[at] = data[x + sx * (y + sy * z)]!;
      }
    }
  }
  return out;
}
