import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { percentileInterval } from './bootstrap.ts';
import {
  areaUnderCurve,
  balancedAccuracy,
  bordaRanks,
  bootstrapInterval,
  bootstrapScores,
  concordanceIndex,
  confusionMatrix,
  f1Score,
  meanRecall,
  recalls,
  pairedDifference,
  ranks,
  sensitivity,
  specificity,
} from './index.ts';

const golden = readGoldenJson<{
  survival: { time: number[]; risk: number[]; event: boolean[]; cIndex: number }[];
  missingRisk: { time: number[]; risk: (number | null)[]; event: boolean[]; cIndex: number };
  classification: {
    truth: boolean[];
    prediction: boolean[];
    score: number[] | null;
    matrix: [number, number, number, number];
    balancedAccuracy: number;
    sensitivity: number;
    specificity: number;
    f1: number;
    auc: number | null;
  }[];
  bootstrap: {
    seed: number;
    truth: boolean[];
    runs: boolean[][];
    intervals: [number, number][];
    difference: [number, number];
    p: number;
  };
  ranking: { scores: number[][]; ranks: number[][]; nodes: number[]; total: number[] };
}>(new URL('../golden/tables.json', import.meta.url));

const DIGITS = 9;
const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });

describe('concordanceIndex', () => {
  it.each(golden.survival)('agrees with lifelines ($cIndex)', ({ time, risk, event, cIndex }) => {
    const cases = time.map((t, i) => ({ time: t, event: event[i]!, risk: risk[i]! }));
    expect(concordanceIndex(cases)).toBeCloseTo(cIndex, DIGITS);
  });

  it('is 1 when the higher risk has the earlier event', () => {
    const cases = [
      { time: 100, event: true, risk: 3 },
      { time: 200, event: true, risk: 2 },
      { time: 300, event: false, risk: 1 },
    ];
    expect(concordanceIndex(cases)).toBe(1);
    expect(concordanceIndex(cases.map((c) => ({ ...c, risk: -c.risk })))).toBe(0);
  });

  it('refuses a missing risk, or counts it 1/2 when asked', () => {
    const cases = [
      { time: 100, event: true, risk: Number.NaN },
      { time: 200, event: true, risk: 2 },
      { time: 300, event: false, risk: 1 },
    ];
    expect(() => concordanceIndex(cases)).toThrow(invalid);
    expect(concordanceIndex(cases, 'half')).toBeCloseTo(2 / 3, DIGITS);
  });

  it('counts the pairs of missing risks 1/2 in a larger set', () => {
    const { time, risk, event, cIndex } = golden.missingRisk;
    const cases = time.map((t, i) => ({ time: t, event: event[i]!, risk: risk[i] ?? NaN }));
    expect(concordanceIndex(cases, 'half')).toBeCloseTo(cIndex, DIGITS);
  });

  it('refuses a set without comparable pairs instead of giving a number', () => {
    expect(() => concordanceIndex([])).toThrow(invalid);
    const censored = [1, 2, 3].map((time) => ({ time, event: false, risk: time }));
    expect(() => concordanceIndex(censored)).toThrow(invalid);
  });
});

describe('classification against scikit-learn', () => {
  // numpy.random.default_rng(26), 30 stages of which half are guessed; scikit-learn 1.9.1.
  it('mean recall of several classes', () => {
    const truth = [...'423121234423433143114342144321'];
    const prediction = [...'424131113323423143434443144311'];
    expect(meanRecall(truth, prediction)).toBeCloseTo(0.5813492063492064, DIGITS);
    const each = recalls(truth, prediction);
    expect(['1', '2', '3', '4'].map((name) => each.get(name))).toEqual([
      5 / 7,
      1 / 3,
      1 / 2,
      7 / 9,
    ]);
    expect(meanRecall(['a', 'b'], ['a', undefined])).toBe(0.5);
    expect(() => meanRecall([], [])).toThrow('no patient');
  });

  it.each(golden.classification)('balanced accuracy $balancedAccuracy', (entry) => {
    const matrix = confusionMatrix(entry.truth, entry.prediction);
    const { trueNegatives, falsePositives, falseNegatives, truePositives } = matrix;
    expect([trueNegatives, falsePositives, falseNegatives, truePositives]).toEqual(entry.matrix);
    expect(balancedAccuracy(matrix)).toBeCloseTo(entry.balancedAccuracy, DIGITS);
    expect(f1Score(matrix)).toBeCloseTo(entry.f1, DIGITS);
    if (entry.truth.includes(true)) {
      expect(sensitivity(matrix)).toBeCloseTo(entry.sensitivity, DIGITS);
    }
    if (entry.truth.includes(false)) {
      expect(specificity(matrix)).toBeCloseTo(entry.specificity, DIGITS);
    }
    if (entry.score !== null) {
      expect(areaUnderCurve(entry.truth, entry.score)).toBeCloseTo(entry.auc!, DIGITS);
    }
  });

  it('is not defined without patients, classes or predictions', () => {
    expect(() => balancedAccuracy(confusionMatrix([], []))).toThrow(invalid);
    expect(() => confusionMatrix([true], [])).toThrow(invalid);
    expect(() => areaUnderCurve([true, true], [0.1, 0.2])).toThrow(invalid);
    expect(() => areaUnderCurve([true, false], [0.1, Number.NaN])).toThrow(invalid);
  });
});

describe('bootstrapInterval', () => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const values = Array.from({ length: 100 }, (_, i) => i);

  it('covers the mean about as the normal approximation does', () => {
    const { low, high, resamples } = bootstrapInterval(values, mean, { resamples: 4000 });
    // Standard error 28.87 / 10, times 1.96.
    expect(Math.abs(low - (49.5 - 5.66))).toBeLessThan(0.5);
    expect(Math.abs(high - (49.5 + 5.66))).toBeLessThan(0.5);
    expect(resamples).toBe(4000);
  });

  it('is the same for the same seed and another for another', () => {
    const first = bootstrapInterval(values, mean, { seed: 5 });
    expect(bootstrapInterval(values, mean, { seed: 5 })).toEqual(first);
    expect(bootstrapInterval(values, mean, { seed: 6 })).not.toEqual(first);
  });

  it('leaves out resamples on which the score is not defined', () => {
    const cases = [
      { time: 1, event: true, risk: 2 },
      { time: 2, event: false, risk: 1 },
    ];
    const { resamples, low, high } = bootstrapInterval(cases, (sample) => concordanceIndex(sample));
    expect([low, high]).toEqual([1, 1]);
    expect(resamples).toBeGreaterThan(400);
    expect(resamples).toBeLessThan(600);
  });

  it('passes on a fault that is not about the sample', () => {
    const broken = () => {
      throw new RangeError('broken');
    };
    expect(() => bootstrapInterval(values, broken)).toThrow(RangeError);
  });

  it.each([
    ['no patients', [], {}],
    ['too few resamples', [1], { resamples: 999 }],
  ])('refuses %s', (_, patients, options) => {
    expect(() => bootstrapInterval(patients, mean, options)).toThrow(invalid);
  });
});

describe('two runs over the same patients', () => {
  const { seed, truth, runs, intervals, difference, p } = golden.bootstrap;
  const scores = runs.map((run) => {
    const patients = truth.map((is, i) => ({ truth: is, prediction: run[i]! }));
    return bootstrapScores(
      patients,
      (sample) =>
        balancedAccuracy(
          confusionMatrix(
            sample.map((one) => one.truth),
            sample.map((one) => one.prediction),
          ),
        ),
      { seed },
    );
  });

  it.each([0, 1])('run %d has the interval of NumPy', (run) => {
    const { low, high, resamples } = percentileInterval(scores[run]!);
    expect(low).toBeCloseTo(intervals[run]![0], DIGITS);
    expect(high).toBeCloseTo(intervals[run]![1], DIGITS);
    expect(resamples).toBe(1000);
  });

  it('differ as NumPy says', () => {
    const found = pairedDifference(scores[0]!, scores[1]!);
    expect(found.low).toBeCloseTo(difference[0], DIGITS);
    expect(found.high).toBeCloseTo(difference[1], DIGITS);
    expect(found.p).toBeCloseTo(p, DIGITS);
    expect(pairedDifference(scores[1]!, scores[0]!).p).toBeCloseTo(p, DIGITS);
  });

  it('do not differ where they are the same', () => {
    expect(pairedDifference(scores[0]!, scores[0]!)).toMatchObject({ low: 0, high: 0, p: 1 });
  });

  it('leaves out resamples in which one of them is not defined', () => {
    const holed = scores[0]!.map((score, i) => (i % 2 === 0 ? score : NaN));
    expect(pairedDifference(holed, scores[1]!).resamples).toBe(500);
  });
});

describe('ranks', () => {
  const { scores, ranks: expected, nodes, total } = golden.ranking;

  it('agree with SciPy, ties included, and so do their Borda counts', () => {
    const found = scores.map((row) => ranks(row, 'higher'));
    expect(found).toEqual(expected);
    const ofNodes = bordaRanks(found.slice(1));
    expect(ofNodes).toEqual(nodes);
    expect(bordaRanks([found[0]!, ofNodes])).toEqual(total);
  });

  it('put what is not defined last, and take lower values for better when asked', () => {
    expect(ranks([0.5, NaN, 0.7], 'higher')).toEqual([2, 3, 1]);
    expect(ranks([0.5, NaN, 0.7], 'lower')).toEqual([1, 3, 2]);
  });
});
