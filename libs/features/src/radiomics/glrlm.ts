import { voxelIndex, type Vec3 } from '@hecktor/volume';
import type { GreyLevels } from './grey-levels.ts';
import { meanOverDirections, offsetLength, offsetsOf, type Offset } from './neighbours.ts';
import type { Settings } from './params.ts';
import { named, SizeMatrix } from './size-matrix.ts';
import { GLRLM_NAMES } from './size-names.ts';

/** PyRadiomics' `glrlm`: runs of one grey level along each direction. */
export function glrlm(grey: GreyLevels, spacing: Vec3, settings: Settings): Record<string, number> {
  const { levels, size } = grey;
  const longest = Math.max(...size);
  const directions = offsetsOf(grey, { ...settings, distances: [1] });
  const matrices = directions.map((offset) => runsAlong(grey, offset, longest));
  const { weightingNorm: norm } = settings;
  if (norm !== undefined) {
    const weighted = new SizeMatrix(longest);
    matrices.forEach((matrix, i) => {
      const length = offsetLength(directions[i]!, spacing, norm);
      weighted.addScaled(matrix, norm === 'no_weighting' ? 1 : length);
    });
    return named(weighted.statistics(levels), GLRLM_NAMES);
  }
  const filled = matrices.filter((matrix) => !matrix.isEmpty);
  return meanOverDirections(filled.map((matrix) => named(matrix.statistics(levels), GLRLM_NAMES)));
}

/**
 * The runs of one direction. A direction along which no line holds two voxels of the region says
 * nothing: it has no runs.
 */
function runsAlong(grey: GreyLevels, { steps, stride }: Offset, longest: number): SizeMatrix {
  const { places, voxels } = grey;
  const runs = new SizeMatrix(longest);
  let touch = false;
  for (const at of voxels) {
    const place = places[at]!;
    const before = places[at - stride]!;
    touch ||= before > 0;
    if (before === place) continue;
    let length = 1;
    while (places[at + length * stride] === place) length++;
    runs.add(place, length);
  }
  return touch || shareLine(grey, steps) ? runs : new SizeMatrix(longest);
}

/** Whether two voxels of the region lie on one line, be there others between them. */
function shareLine({ voxels, size }: GreyLevels, [dx, dy, dz]: Vec3): boolean {
  const wide = 2 ** 16;
  const lines = new Set<number>();
  for (const at of voxels) {
    const [x, y, z] = voxelIndex(size, at);
    // Steps are -1, 0 or 1: so many of them lead to the line's place at 0 of one axis.
    const steps = dz !== 0 ? z * dz : dy !== 0 ? y * dy : x * dx;
    lines.add(x - steps * dx + wide * (y - steps * dy + wide * (z - steps * dz)));
  }
  return lines.size < voxels.length;
}
