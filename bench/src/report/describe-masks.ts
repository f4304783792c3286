import { agreement, labelDice } from '@hecktor/testing';
import { isSameGrid, type NumericVoxelArray, type Volume } from '@hecktor/volume';

/** Says in words how far two label maps agree. */
export function describeMasks(
  ours: Volume<NumericVoxelArray>,
  python: Volume<NumericVoxelArray>,
): string {
  if (!isSameGrid(ours, python)) return '**The masks lie on different grids.**';
  const share = (100 * agreement(ours.data, python.data)).toFixed(4);
  const dice = [1, 2].map((label) => {
    const voxels = countOf(ours.data, label);
    const value = labelDice(ours.data, python.data, label).toFixed(4);
    return `label ${label} Dice ${value} (${voxels} voxels)`;
  });
  return `Masks, ours and Python's: ${share}% of all voxels equal; ${dice.join(', ')}.`;
}

function countOf(labels: ArrayLike<number>, label: number): number {
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) count++;
  return count;
}
