import { readLabelMap, type Label } from '@hecktor/case-io';
import type { CohortCase } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { aggregatedDice, dice, labelOverlap, meanDice, type Overlap } from '@hecktor/metrics';
import { HEADER_TOLERANCE, isSameGrid, type Grid } from '@hecktor/volume';
import { scoreWithInterval, type Scored, type Scorer } from './report.ts';
import type { ScoredTask } from './tasks.ts';

/** Overlaps of one patient by label, in the task's order. */
export interface SegmentationCase {
  readonly id: string;
  readonly overlaps: readonly Overlap[];
  readonly warnings: readonly string[];
}

/** Scores label maps. */
export function segmentationScorer({ name, output }: ScoredTask): Scorer<SegmentationCase> {
  const labels = output.kind === 'label-map' ? output.labels : [];
  return {
    read: (path, one) => readOverlaps(path, one, { task: name, labels, output: output.path }),
    score: (patients) => scoreSegmentation(patients, labels),
  };
}

/**
 * Compares the answer with the patient's label map, which must lie on the same grid.
 *
 * @param about.output The answer's path below the output folder, for messages.
 * @throws HecktorError COHORT_INVALID when the label map is missing, on another grid or holds values
 * that are no labels; OUTPUT_LABELS_INVALID when the answer holds such values.
 */
export async function readOverlaps(
  path: string,
  one: CohortCase,
  about: { readonly task: string; readonly labels: readonly Label[]; readonly output: string },
): Promise<SegmentationCase> {
  const { task, labels, output } = about;
  if (one.labels === undefined) {
    const detail = `patient ${one.id} has no label map ${one.id}.nii.gz`;
    throw new HecktorError('COHORT_INVALID', { detail });
  }
  const truth = await readLabelMap(one.labels, labels, { code: 'COHORT_INVALID' });
  const answer = await readLabelMap(path, labels, { code: 'OUTPUT_LABELS_INVALID', file: output });
  if (!isSameGrid(truth.mask, answer.mask, HEADER_TOLERANCE)) {
    throw new HecktorError('COHORT_INVALID', {
      file: one.labels,
      detail: `its grid is ${describeGrid(truth.mask)}; that of ${output} is ${describeGrid(answer.mask)}`,
      cause: 'a label map that is not on the grid of the CT, where the answer has to lie',
      fix: 'resample the label map to the CT by nearest neighbour',
    });
  }
  const said = (whose: string, unknown: string | undefined): string[] =>
    unknown === undefined
      ? []
      : [`${one.id}: ${whose} holds ${unknown}: no labels of ${task}, counted as background`];
  return {
    id: one.id,
    overlaps: labels.map(({ value }) => labelOverlap(truth.mask, answer.mask, value)),
    warnings: [...said('the label map', truth.unknown), ...said('the answer', answer.unknown)],
  };
}

function describeGrid({ size, spacing, origin, direction }: Grid): string {
  const show = (numbers: ArrayLike<number>) => `[${Array.from(numbers).join(', ')}]`;
  return `size ${show(size)}, spacing ${show(spacing)}, origin ${show(origin)}, direction ${show(direction)}`;
}

/** Mean DSC of the first label, the primary tumour, and the aggregated DSC of each label. */
function scoreSegmentation(
  patients: readonly SegmentationCase[],
  labels: readonly Label[],
): Scored {
  const of = (i: number) => (sample: readonly SegmentationCase[]) =>
    sample.map(({ overlaps }) => overlaps[i]!);
  const primary = labels[0]?.name ?? '';
  const isEmpty = patients.every(({ overlaps }) => overlaps.every((each) => each.prediction === 0));
  return {
    scores: [
      scoreWithInterval(`mean ${primary} DSC`, patients, (sample) => meanDice(of(0)(sample))),
      ...labels.map(({ name }, i) =>
        scoreWithInterval(`${name} DSCagg`, patients, (sample) => aggregatedDice(of(i)(sample))),
      ),
    ],
    facts: { 'empty truth and answer': `counts 1 (${primary})` },
    patients: patients.map(({ id, overlaps }) => ({
      id,
      ...Object.fromEntries(labels.map(({ name }, i) => [`${name} DSC`, dice(overlaps[i]!)])),
    })),
    warnings: [
      ...(isEmpty
        ? [`every answer is the same, of ${patients.length} patients: an empty mask`]
        : []),
      ...patients.flatMap(({ warnings }) => warnings),
    ],
  };
}
