import { agreement, labelDice } from '@hecktor/testing';
import { isSameGrid, type NumericVoxelArray, type Volume } from '@hecktor/volume';

/** How far the answers of both sides agree: risks by their relative difference, classes by equality. */
export function describeAnswers(ours: number | boolean, python: number | boolean): string {
  if (typeof ours === 'boolean' || typeof python === 'boolean') {
    return ours === python
      ? `Both sides answer ${ours}.`
      : `The answers differ: ours ${ours}, Python ${python}.`;
  }
  const relative = Math.abs(ours - python) / Math.max(Math.abs(python), Number.MIN_VALUE);
  return `Risks: ours ${ours.toPrecision(8)}, Python ${python.toPrecision(8)}; relative difference ${relative.toExponential(1)}.`;
}

/** How far the features of both sides, or other numbers, agree, relative to the value. */
export function describeFeatures(
  ours: Readonly<Record<string, number>>,
  python: Readonly<Record<string, number>>,
  what = 'features',
): string {
  const names = Object.keys(python);
  const missing = names.filter((name) => !(name in ours)).length;
  const off = names
    .filter((name) => name in ours)
    .map((name) => ({
      name,
      by: Math.abs(ours[name]! - python[name]!) / Math.abs(python[name]! || 1),
    }))
    .sort((a, b) => b.by - a.by)[0];
  const most =
    off === undefined
      ? ''
      : ` Largest relative difference ${off.by.toExponential(1)} (${off.name}).`;
  return `${names.length} ${what}, of which ${missing} are missing in ours.${most}`;
}

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

/** Differences above this are more than rounding: one HU is 0.024 on the scale of the network. */
const TOLERANCE = 1e-3;

export function describeTensors(
  ours: Float32Array,
  python: Float32Array,
  channels: readonly string[],
): string {
  if (ours.length !== python.length) {
    return `**The tensors differ in size:** ${ours.length} and ${python.length} voxels.`;
  }
  const count = ours.length / channels.length;
  const texts = channels.map((name, channel) => {
    let largest = 0;
    let apart = 0;
    for (let i = channel * count; i < (channel + 1) * count; i++) {
      const difference = Math.abs(ours[i]! - python[i]!);
      if (!(difference <= largest)) largest = difference;
      if (!(difference <= TOLERANCE)) apart++;
    }
    return `${name}: largest difference ${largest.toPrecision(2)}, more than ${TOLERANCE} apart in ${apart} of ${count} voxels`;
  });
  return `Tensors, ours and Python's: ${texts.join('; ')}.`;
}
