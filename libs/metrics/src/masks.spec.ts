import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import {
  aggregatedDice,
  aggregatedF1,
  cropToLabels,
  detectLesions,
  dice,
  falsePositivesPerPatient,
  hausdorff95,
  labelOverlap,
  lesionSensitivity,
  meanDice,
  scoreLabels,
  type Mask,
} from './index.ts';

interface LabelScores {
  dice: number | null;
  truePositives: number;
  volume: number;
  hausdorff95: { directed: number; pooled: number } | null;
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

describe.each(labels)('label %d against SimpleITK, scikit-image and MedPy', (label) => {
  it.each(patients)('patient $patient', ({ entry, truth, prediction }) => {
    const expected = entry.labels[label]!;
    const overlap = labelOverlap(truth, prediction, label);
    expect(dice(overlap)).toBeCloseTo(expected.dice ?? 1, DIGITS);
    expect(overlap.intersection * overlap.voxelVolume).toBeCloseTo(expected.truePositives, DIGITS);
    const voxels = overlap.truth + overlap.prediction;
    expect(voxels * overlap.voxelVolume).toBeCloseTo(expected.volume, DIGITS);
    const distances = (['directed', 'pooled'] as const).map((convention) =>
      hausdorff95(truth, prediction, label, convention),
    );
    if (expected.hausdorff95 === null) {
      expect(distances).toEqual(voxels === 0 ? [NaN, NaN] : [Infinity, Infinity]);
    } else {
      expect(distances[0]).toBeCloseTo(expected.hausdorff95.directed, DIGITS);
      expect(distances[1]).toBeCloseTo(expected.hausdorff95.pooled, DIGITS);
    }
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

describe.each(patients)('all scores at once, patient $patient', ({ entry, truth, prediction }) => {
  it.each(labels)('of label %d', (label) => {
    const expected = entry.labels[label]!;
    const [truePositives, falsePositives, falseNegatives] = expected.detection['26-0.3']!;
    const [score] = scoreLabels(truth, prediction, [label]);
    expect(score!.dsc).toBeCloseTo(expected.dice ?? 1, DIGITS);
    expect(score!.intersectionVolume).toBeCloseTo(expected.truePositives, DIGITS);
    expect(score!.truthVolume + score!.predictedVolume).toBeCloseTo(expected.volume, DIGITS);
    expect(score).toMatchObject({ truePositives, falsePositives, falseNegatives });
    if (expected.hausdorff95 !== null) {
      expect(score!.hd95).toBeCloseTo(expected.hausdorff95.directed, DIGITS);
    }
  });

  it('by other conventions', () => {
    const options = { connectivity: 6, minIoU: 0.1, hd95: 'pooled' } as const;
    const expected = entry.labels[2]!;
    const [score] = scoreLabels(truth, prediction, [2], options);
    const { truePositives, falsePositives, falseNegatives, hd95 } = score!;
    expect([truePositives, falsePositives, falseNegatives]).toEqual(expected.detection['6-0.1']);
    if (expected.hausdorff95 !== null) {
      expect(hd95).toBeCloseTo(expected.hausdorff95.pooled, DIGITS);
    }
  });
});

it('cuts masks to the box of their labels, where they lie in space', () => {
  const grid = createGrid([5, 4, 3], { spacing: [1, 2, 3], origin: [10, 20, 30] });
  const truth = createVolume(grid, new Uint8Array(60));
  const prediction = createVolume(grid, new Uint8Array(60));
  truth.data[1 + 5 * (2 + 4 * 1)] = 1;
  prediction.data[3 + 5 * (2 + 4 * 2)] = 2;
  const [a, b] = cropToLabels(truth, prediction);
  expect([a.size, a.origin]).toEqual([
    [3, 1, 2],
    [11, 24, 33],
  ]);
  expect([...a.data]).toEqual([1, 0, 0, 0, 0, 0]);
  expect([...b.data]).toEqual([0, 0, 0, 0, 0, 2]);
  expect(truth.size).toEqual([5, 4, 3]);
});

describe('conventions', () => {
  it('leave an empty mask for an empty truth out as asked', () => {
    const mask = createVolume(createGrid([2, 2, 2]), new Uint8Array(8));
    const dsc = (whenBothEmpty: 0 | 1 | 'skip') =>
      scoreLabels(mask, mask, [1], { whenBothEmpty })[0]!.dsc;
    expect([dsc(1), dsc(0), dsc('skip')]).toEqual([1, 0, NaN]);
  });

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
  const all = (truth: Mask, prediction: Mask, label: number) =>
    scoreLabels(truth, prediction, [label]);
  const scores = [labelOverlap, detectLesions, hausdorff95, all] as const;

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
