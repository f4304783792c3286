import { dice, labelOverlap } from '@hecktor/metrics';
import type { Volume } from '@hecktor/volume';

const LABELS = [
  ['GTVp', 1],
  ['GTVn', 2],
] as const;

/** One line per label: Dice coefficient and volumes. Both masks are on the CT's grid. */
export function scoreLines(mask: Volume<Uint8Array>, expected: Volume<Uint8Array>): string[] {
  return LABELS.map(([name, label]) => {
    const overlap = labelOverlap(expected, mask, label);
    const ml = (voxels: number) => ((voxels * overlap.voxelVolume) / 1000).toFixed(1);
    const volumes = `${ml(overlap.prediction)} ml, expected ${ml(overlap.truth)} ml`;
    return `${name} DSC ${dice(overlap).toFixed(3)} (${volumes})`;
  });
}
