import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import {
  aggregatedDice,
  aggregatedF1,
  detectLesions,
  dice,
  falsePositivesPerPatient,
  hausdorff95,
  labelOverlap,
  labelVolume,
  lesionSensitivity,
  meanDice,
  type Mask,
} from './index.ts';

interface LabelScores {
  dice: number | null;
  truePositives: number;
  volume: number;
  hausdorff95: number | null;
  detection: Record<string, [number, number, number]>;
}
interface GoldenCase {
  size: Vec3;
  spacing: Vec3;
  truth: string;
  prediction: string;
  labels: Record<string, LabelScores>;
}

const golden = readGoldenJson<{
  cases: GoldenCase[];
  aggregated: Record<string, { aggregatedDice: number; meanDice: number; aggregatedF1: number }>;
}>(new URL('../golden/masks.json', import.meta.url));

/** The spec's demand on every number. */
const DIGITS = 9;

const maskOf = ({ size, spacing }: GoldenCase, text: string): Mask =>
  createVolume(createGrid(size, { spacing }), Uint8Array.from(text, Number));
const patients = golden.cases.map((entry, patient) => ({
  patient,
  entry,
  truth: maskOf(entry, entry.truth),
  prediction: maskOf(entry, entry.prediction),
}));
const labels = [1, 2];

describe.each(labels)('label %d against SimpleITK, scikit-image and SciPy', (label) => {
  it.each(patients)('patient $patient', ({ entry, truth, prediction }) => {
    const expected = entry.labels[label]!;
    const overlap = labelOverlap(truth, prediction, label);
    expect(dice(overlap)).toBeCloseTo(expected.dice ?? 1, DIGITS);
    expect(overlap.intersection * overlap.voxelVolume).toBeCloseTo(expected.truePositives, DIGITS);
    expect(labelVolume(truth, label) + labelVolume(prediction, label)).toBeCloseTo(
      expected.volume,
      DIGITS,
    );
    const distance = hausdorff95(truth, prediction, label);
    if (expected.hausdorff95 !== null) expect(distance).toBeCloseTo(expected.hausdorff95, DIGITS);
    else expect(distance).toBe(overlap.truth + overlap.prediction === 0 ? NaN : Infinity);
  });

  it.each(patients)('lesions of patient $patient', ({ entry, truth, prediction }) => {
    for (const [name, counts] of Object.entries(entry.labels[label]!.detection)) {
      const [connectivity, minIoU] = name.split('-').map(Number) as [6 | 18 | 26, number];
      const found = detectLesions(truth, prediction, label, { connectivity, minIoU });
      const { truePositives, falsePositives, falseNegatives, matches } = found;
      expect([name, truePositives, falsePositives, falseNegatives]).toEqual([name, ...counts]);
      expect(matches.every(({ iou }) => iou > minIoU)).toBe(true);
    }
  });

  it('over all patients', () => {
    const overlaps = patients.map((p) => labelOverlap(p.truth, p.prediction, label));
    const detections = patients.map((p) => detectLesions(p.truth, p.prediction, label));
    const expected = golden.aggregated[label]!;
    expect(aggregatedDice(overlaps)).toBeCloseTo(expected.aggregatedDice, DIGITS);
    expect(meanDice(overlaps)).toBeCloseTo(expected.meanDice, DIGITS);
    expect(aggregatedF1(detections)).toBeCloseTo(expected.aggregatedF1, DIGITS);
  });
});

describe('conventions', () => {
  const empty = { truth: 0, prediction: 0, intersection: 0, voxelVolume: 2 };
  const half = { truth: 3, prediction: 1, intersection: 1, voxelVolume: 2 };

  it('score an empty prediction for an empty truth as asked', () => {
    expect(dice(empty)).toBe(1);
    expect(dice(empty, 0)).toBe(0);
    expect(meanDice([empty, half])).toBe(0.75);
    expect(meanDice([empty, half], 0)).toBe(0.25);
    expect(meanDice([empty, half], 'skip')).toBe(0.5);
    expect(() => meanDice([empty], 'skip')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('score an empty prediction for a truth that is not empty as 0', () => {
    expect(dice({ ...half, prediction: 0, intersection: 0 }, 1)).toBe(0);
  });

  it('score a set without the label as asked', () => {
    expect(aggregatedDice([empty, empty])).toBe(1);
    expect(aggregatedDice([], Number.NaN)).toBeNaN();
    expect(aggregatedF1([])).toBe(1);
    expect(aggregatedF1([], 0)).toBe(0);
  });

  it('weigh patients by volume in mm³, not by voxels', () => {
    const fine = { truth: 100, prediction: 100, intersection: 100, voxelVolume: 0.01 };
    const coarse = { truth: 1, prediction: 1, intersection: 0, voxelVolume: 1 };
    expect(aggregatedDice([fine, coarse])).toBe(0.5);
  });

  it('count lesions over all patients', () => {
    const found = [
      { truePositives: 2, falsePositives: 1, falseNegatives: 0 },
      { truePositives: 1, falsePositives: 2, falseNegatives: 1 },
    ];
    expect(aggregatedF1(found)).toBe(0.6);
    expect(lesionSensitivity(found)).toBe(0.75);
    expect(falsePositivesPerPatient(found)).toBe(1.5);
  });

  it('detect a lesion above the limit, not at it', () => {
    const line = (text: string): Mask =>
      createVolume(createGrid([10, 1, 1]), Uint8Array.from(text, Number));
    // 3 voxels in common, 10 in the union.
    const truth = line('1111111000');
    const prediction = line('0000111111');
    expect(detectLesions(truth, prediction, 1).truePositives).toBe(0);
    expect(detectLesions(truth, prediction, 1, { minIoU: 0.29 }).matches).toEqual([
      { truth: 1, prediction: 1, iou: 0.3 },
    ]);
  });

  it('match one predicted lesion to one true lesion at most', () => {
    const line = (text: string): Mask =>
      createVolume(createGrid([9, 1, 1]), Uint8Array.from(text, Number));
    const found = detectLesions(line('111101110'), line('111111110'), 1, { minIoU: 0.2 });
    expect(found).toMatchObject({ truePositives: 1, falsePositives: 0, falseNegatives: 1 });
    expect(found.matches).toEqual([{ truth: 1, prediction: 1, iou: 0.5 }]);
  });
});

describe('masks that cannot be compared', () => {
  const mask = createVolume(createGrid([3, 3, 3]), new Uint8Array(27));
  const moved = { ...mask, origin: [0, 0, 0.5] as Vec3 };
  const other = createVolume(createGrid([3, 3, 4]), new Uint8Array(36));
  const scores = [labelOverlap, detectLesions, hausdorff95] as const;

  it.each(scores)('%p refuses another grid', (score) => {
    const mismatch = expect.objectContaining({ code: 'OUTPUT_GRID_MISMATCH' });
    expect(() => score(mask, moved, 1)).toThrow(mismatch);
    expect(() => score(mask, other, 1)).toThrow(mismatch);
  });

  it.each(scores)('%p takes positions rounded to float32', (score) => {
    const origin: Vec3 = [-249.51171875, 0, 1234.1];
    const rounded: Vec3 = [-249.51171875, 0, Math.fround(1234.1)];
    expect(() => score({ ...mask, origin }, { ...mask, origin: rounded }, 1)).not.toThrow();
  });

  it.each(scores)('%p takes direction cosines rounded by a quaternion in float32', (score) => {
    const direction = Float64Array.of(1, 5e-6, 0, -5e-6, 1, 0, 0, 0, 1);
    expect(() => score(mask, { ...mask, direction }, 1)).not.toThrow();
  });

  it('detectLesions refuses a limit outside 0 to 1', () => {
    expect(() => detectLesions(mask, mask, 1, { minIoU: 30 })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
