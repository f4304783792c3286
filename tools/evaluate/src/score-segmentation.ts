import { HecktorError } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { aggregatedDice, dice, labelOverlap, meanDice, type Overlap } from '@hecktor/metrics';
import { assertSameGrid, createVolume, type Volume } from '@hecktor/volume';
import type { CohortCase } from './read-cohort.ts';
import { scoreWithInterval, type Scored } from './score.ts';

/** Overlaps of one patient's primary tumour and nodes. */
export interface SegmentationCase {
  readonly id: string;
  readonly primary: Overlap;
  readonly nodes: Overlap;
}

/**
 * Compares a label map with the patient's own, which must lie on the same grid.
 *
 * @throws HecktorError COHORT_INVALID when the patient has no label map.
 */
export async function readOverlaps(path: string, one: CohortCase): Promise<SegmentationCase> {
  const truthPath = one.images[''];
  if (truthPath === undefined) {
    throw new HecktorError('COHORT_INVALID', {
      detail: `patient ${one.id} has no label map ${one.id}.nii.gz`,
    });
  }
  const truth = await readLabels(truthPath);
  const found = await readLabels(path);
  assertSameGrid(truth, found);
  return {
    id: one.id,
    primary: labelOverlap(truth, found, 1),
    nodes: labelOverlap(truth, found, 2),
  };
}

async function readLabels(path: string): Promise<Volume<Uint8Array>> {
  const volume = toNumeric(await readVolume(path));
  return createVolume(volume, Uint8Array.from(volume.data));
}

/** Mean DSC of the primary tumour and aggregated DSC of both labels. */
export function scoreSegmentation(patients: readonly SegmentationCase[]): Scored {
  const primary = (sample: readonly SegmentationCase[]) => sample.map((each) => each.primary);
  const nodes = (sample: readonly SegmentationCase[]) => sample.map((each) => each.nodes);
  return {
    scores: [
      scoreWithInterval('mean GTVp DSC', patients, (sample) => meanDice(primary(sample))),
      scoreWithInterval('GTVp DSCagg', patients, (sample) => aggregatedDice(primary(sample))),
      scoreWithInterval('GTVn DSCagg', patients, (sample) => aggregatedDice(nodes(sample))),
    ],
    facts: { 'empty truth and answer': 'counts 1 (GTVp)' },
    patients: patients.map(({ id, primary: p, nodes: n }) => ({
      id,
      'GTVp DSC': dice(p),
      'GTVn DSC': dice(n),
    })),
    warnings: [],
  };
}
