import { readLabelMap, type Label, type LabelMap } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { scoreLabels, type LabelScore, type Mask } from '@hecktor/metrics';
import { createVolume, HEADER_TOLERANCE, isSameGrid, type Grid } from '@hecktor/volume';
import type { CohortCase } from '@hecktor/cohort';
import type { Conventions } from './conventions.ts';
import type { CaseScorer } from './score-cases.ts';
import type { ScoredTask } from './tasks.ts';

/** A patient's label map, to compare with. */
interface TrueMask extends LabelMap {
  readonly id: string;
  readonly file: string;
}

/** Scores label maps. */
export function segmentationScorer(
  task: Pick<ScoredTask, 'name' | 'output'>,
  conventions: Conventions,
): CaseScorer<TrueMask> {
  const labels = labelsOf(task);
  const judge = (truth: Mask, mask: Mask): Record<string, LabelScore> => {
    const values = labels.map(({ value }) => value);
    const scores = scoreLabels(truth, mask, values, conventions);
    return Object.fromEntries(labels.map(({ name }, i) => [name, scores[i]!]));
  };
  return {
    truth: (one) => readTruth(one, labels),
    compare: async (truth, answer) => {
      const file = 'file' in answer ? answer.file : '';
      const predicted = await readMask(truth, file, labels);
      const said = (whose: string, unknown: string | undefined): string[] =>
        unknown === undefined
          ? []
          : [
              `${truth.id}: ${whose} holds ${unknown}: no labels of ${task.name}, counted as background`,
            ];
      return {
        labels: judge(truth.mask, predicted.mask),
        warnings: [
          ...said('the label map', truth.unknown),
          ...said('the answer', predicted.unknown),
        ],
      };
    },
    missing: ({ mask }) => ({
      labels: judge(mask, createVolume(mask, new Uint8Array(mask.data.length))),
    }),
  };
}

/** The labels that a task segments; none of another task. */
export function labelsOf({ output }: Pick<ScoredTask, 'output'>): readonly Label[] {
  return output.kind === 'label-map' ? output.labels : [];
}

/** @throws HecktorError COHORT_INVALID when the label map is missing or holds no whole numbers. */
export async function readTruth(one: CohortCase, labels: readonly Label[]): Promise<TrueMask> {
  const file = one.labels;
  if (file === undefined) {
    const detail = `patient ${one.id} has no label map ${one.id}.nii.gz`;
    throw new HecktorError('COHORT_INVALID', { detail });
  }
  return { id: one.id, file, ...(await readLabelMap(file, labels, { code: 'COHORT_INVALID' })) };
}

/**
 * Reads a predicted mask, which must lie on the grid of the truth, the CT's.
 *
 * @throws HecktorError OUTPUT_GRID_MISMATCH with both geometries; OUTPUT_LABELS_INVALID.
 */
export async function readMask(
  truth: TrueMask,
  file: string,
  labels: readonly Label[],
): Promise<LabelMap> {
  const predicted = await readLabelMap(file, labels, { code: 'OUTPUT_LABELS_INVALID' });
  if (isSameGrid(truth.mask, predicted.mask, HEADER_TOLERANCE)) return predicted;
  throw new HecktorError('OUTPUT_GRID_MISMATCH', {
    file,
    detail:
      `its grid is ${describeGrid(predicted.mask)}; ` +
      `that of the truth ${truth.file} is ${describeGrid(truth.mask)}`,
    cause: 'one of the two is not on the grid of the CT, where both have to lie',
    fix: 'bring it onto the grid of the CT by nearest neighbour; nothing is resampled to be scored',
  });
}

function describeGrid({ size, spacing, origin, direction }: Grid): string {
  const show = (numbers: ArrayLike<number>) => `[${Array.from(numbers).join(', ')}]`;
  return `size ${show(size)}, spacing ${show(spacing)}, origin ${show(origin)}, direction ${show(direction)}`;
}
