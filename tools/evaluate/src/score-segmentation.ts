import { HecktorError, type ErrorCode } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { aggregatedDice, dice, labelOverlap, meanDice, type Overlap } from '@hecktor/metrics';
import { createVolume, isSameGrid, type Grid, type Volume } from '@hecktor/volume';
import type { CohortCase } from './cohort.ts';
import { scoreWithInterval, type Scored } from './report.ts';

/** A label of the task. */
interface Label {
  readonly name: string;
  readonly value: number;
}

/** Overlaps of one patient by label, in the task's order. */
export interface SegmentationCase {
  readonly id: string;
  readonly overlaps: readonly Overlap[];
  readonly warnings: readonly string[];
}

/** How far two grids may differ, mm: NIfTI keeps positions as float32. */
const GRID_TOLERANCE_MM = 1e-3;

/** How far a label may be from a whole number: resampled or scaled images keep them as floats. */
const LABEL_TOLERANCE = 1e-3;

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
  const truth = await readLabels(one.labels, labels, 'COHORT_INVALID', one.labels);
  const answer = await readLabels(path, labels, 'OUTPUT_LABELS_INVALID', output);
  if (!isSameGrid(truth.mask, answer.mask, GRID_TOLERANCE_MM)) {
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

interface LabelMap {
  /** The task's labels; all else is 0. */
  readonly mask: Volume<Uint8Array>;
  /** Values that are no labels of the task, with their counts. */
  readonly unknown: string | undefined;
}

async function readLabels(
  path: string,
  labels: readonly Label[],
  code: ErrorCode,
  file: string,
): Promise<LabelMap> {
  const volume = toNumeric(await readVolume(path));
  const known = new Set(labels.map(({ value }) => value));
  const data = new Uint8Array(volume.data.length);
  const unknown = new Map<number, number>();
  let fractions = 0;
  for (let i = 0; i < data.length; i++) {
    const value = volume.data[i]!;
    const label = Math.round(value);
    // NaN and infinities are none either.
    if (!(Math.abs(value - label) <= LABEL_TOLERANCE)) fractions++;
    else if (known.has(label)) data[i] = label;
    else if (label !== 0) unknown.set(label, (unknown.get(label) ?? 0) + 1);
  }
  if (fractions > 0) {
    throw new HecktorError(code, {
      file,
      detail: `${fractions} of ${data.length} values are not whole numbers`,
      cause: 'probabilities, or a label map that was resampled linearly',
      fix: `write whole numbers: 0 = background, ${list(labels.map((l) => `${l.value} = ${l.name}`))}`,
    });
  }
  const counts = [...unknown].map(([label, count]) => `${label} (${count} voxels)`);
  return {
    mask: createVolume(volume, data),
    unknown: counts.length === 0 ? undefined : list(counts),
  };
}

function list(texts: readonly string[]): string {
  const more = texts.length > 5 ? ` and ${texts.length - 5} more` : '';
  return `${texts.slice(0, 5).join(', ')}${more}`;
}

function describeGrid({ size, spacing, origin, direction }: Grid): string {
  const show = (numbers: ArrayLike<number>) => `[${Array.from(numbers).join(', ')}]`;
  return `size ${show(size)}, spacing ${show(spacing)}, origin ${show(origin)}, direction ${show(direction)}`;
}

/** Mean DSC of the first label, the primary tumour, and the aggregated DSC of each label. */
export function scoreSegmentation(
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
