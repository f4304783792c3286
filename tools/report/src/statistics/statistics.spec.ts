import { readGoldenJson } from '@hecktor/testing';
import { describe, expect, it } from '@jest/globals';
import { kaplanMeier, medianSurvival, survivalAt } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';
import { riskGroups } from './risk-groups.ts';
import { rocCurve } from './roc.ts';

interface Curve {
  readonly times: number[];
  readonly survival: number[];
  readonly low: number[];
  readonly high: number[];
  readonly median: number | null;
  readonly asked: number[];
  readonly at: number[];
}

const golden = readGoldenJson<{
  survival: {
    time: number[];
    event: boolean[];
    risk: number[];
    low: Curve;
    high: Curve;
    statistic: number;
    p: number;
  }[];
  roc: { truth: boolean[]; score: number[]; fpr: number[]; tpr: number[]; thresholds: number[] }[];
}>(new URL('../../golden/statistics.json', import.meta.url));

const DIGITS = 9;
const patientsOf = ({ time, event, risk }: (typeof golden.survival)[number]) =>
  time.map((days, i) => ({ time: days, event: event[i]!, risk: risk[i]! }));

function expectAll(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, DIGITS));
}

describe.each(golden.survival)('against lifelines, p $p', (set) => {
  const groups = riskGroups(patientsOf(set), 2);

  it('has the survival of each risk group', () => {
    [set.low, set.high].forEach((expected, i) => {
      const curve = kaplanMeier(groups[i]!);
      const [first, ...steps] = curve;
      expect(first).toEqual({ time: 0, survival: 1, low: 1, high: 1 });
      expectAll(
        steps.map(({ time }) => time),
        expected.times,
      );
      expectAll(
        steps.map(({ survival }) => survival),
        expected.survival,
      );
      expectAll(
        steps.map(({ low }) => low),
        expected.low,
      );
      expectAll(
        steps.map(({ high }) => high),
        expected.high,
      );
      expect(medianSurvival(curve) ?? null).toBe(expected.median);
      expectAll(
        expected.asked.map((time) => survivalAt(curve, time).survival),
        expected.at,
      );
    });
  });

  it('has the log-rank test', () => {
    const { statistic, p } = logRank(groups[0]!, groups[1]!);
    expect(statistic).toBeCloseTo(set.statistic, DIGITS);
    expect(p / set.p).toBeCloseTo(1, DIGITS);
  });
});

describe('riskGroups', () => {
  const of = (risks: readonly number[], count: number) =>
    riskGroups(
      risks.map((risk) => ({ risk })),
      count,
    ).map((group) => group.map(({ risk }) => risk));

  it('cuts at quantiles and keeps equal risks together', () => {
    expect(of([5, 1, 4, 2, 3], 2)).toEqual([
      [1, 2, 3],
      [5, 4],
    ]);
    expect(of([1, 1, 1, 2], 2)).toEqual([[1, 1, 1], [2]]);
    expect(of([1, 2, 3, 4, 5, 6], 3)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('has one group where all risks are the same', () => {
    expect(of([2, 2, 2], 2)).toEqual([[2, 2, 2]]);
  });
});

it('logRank gives NaN where no event tells groups apart', () => {
  const censored = [{ time: 3, event: false }];
  expect(logRank(censored, censored).p).toBeNaN();
});

it.each(golden.roc)(
  'rocCurve agrees with scikit-learn',
  ({ truth, score, fpr, tpr, thresholds }) => {
    const curve = rocCurve(truth, score);
    expectAll(
      curve.map((point) => 1 - point.specificity),
      fpr,
    );
    expectAll(
      curve.map((point) => point.sensitivity),
      tpr,
    );
    expect(curve.slice(1).map((point) => point.threshold)).toEqual(thresholds);
    expect(curve[0]!.threshold).toBe(Infinity);
  },
);
