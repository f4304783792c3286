import type { GreyLevels } from './grey-levels.ts';
import { bothWays, offsetsOf } from './neighbours.ts';
import type { Settings } from './params.ts';
import { named, SizeMatrix } from './size-matrix.ts';
import { GLDM_NAMES } from './size-names.ts';

/** PyRadiomics' `gldm`: how many neighbours differ by at most `gldm_a` levels. */
export function gldm(grey: GreyLevels, settings: Settings): Record<string, number> {
  const { places, voxels, levels } = grey;
  const strides = bothWays(offsetsOf(grey, settings));
  const matrix = new SizeMatrix(strides.length + 1);
  for (const at of voxels) {
    const place = places[at]!;
    const level = levels[place - 1]!;
    let size = 1;
    for (let i = 0; i < strides.length; i++) {
      const other = places[at + strides[i]!]!;
      if (other > 0 && Math.abs(levels[other - 1]! - level) <= settings.gldm_a) size++;
    }
    matrix.add(place, size);
  }
  return named(matrix.statistics(levels), GLDM_NAMES);
}
