import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import type { Finding } from './finding.ts';
import { finding } from './rule-table.ts';

/** Labels of the challenge: background, primary tumour, lymph nodes. */
const LABELS: readonly number[] = [0, 1, 2];
const NAMES = ['GTVp', 'GTVn'] as const;
/** More than the largest head-and-neck tumours; such a mask is most likely a fault, ml. */
const LARGE_ML = 500;

/** The rules about a mask's values: labels 0, 1 and 2, and amounts that make sense. */
export function judgeLabels(mask: Volume<NumericVoxelArray>): Finding[] {
  const counts = new Map<number, number>();
  for (const value of mask.data) counts.set(value, (counts.get(value) ?? 0) + 1);
  const unknown = [...counts.keys()].filter((label) => !LABELS.includes(label));
  const voxelMl = mask.spacing.reduce((volume, side) => volume * side, 1) / 1000;
  const volumes = NAMES.map((name, i) => ({
    name,
    ml: (counts.get(i + 1) ?? 0) * voxelMl,
    voxels: counts.get(i + 1) ?? 0,
  }));
  const large = volumes.find(({ ml }) => ml > LARGE_ML);
  const isEmpty = volumes.every(({ voxels }) => voxels === 0);
  const amounts = volumes
    .map(({ name, ml, voxels }) => `${name} ${ml.toFixed(1)} ml (${voxels} voxels)`)
    .join(', ');
  return [
    finding('output-labels', {
      observed: show([...counts.keys()]),
      limit: '0, 1, 2',
      verdict: unknown.length === 0 ? 'kept' : 'broken',
    }),
    finding('output-plausible', {
      observed: isEmpty ? 'the mask is empty' : amounts,
      limit: `some tumour, below ${LARGE_ML} ml`,
      verdict: isEmpty || large !== undefined ? 'warning' : 'kept',
    }),
  ];
}

function show(labels: readonly number[]): string {
  const sorted = [...labels].sort((a, b) => a - b);
  const shown = sorted.slice(0, 6).map((label) => String(Number(label.toPrecision(4))));
  return shown.join(', ') + (sorted.length > 6 ? ` and ${sorted.length - 6} more` : '');
}
