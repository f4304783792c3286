import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { formatCases, type CaseScore } from '@hecktor/cohort';
import type { LabelScore } from '@hecktor/metrics';
import { compareRuns, describeComparison, readScored } from './compare.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { newFolder } from './fixtures/make-cohort.ts';
import { summarise } from './summarise.ts';
import { readScoredTasks } from './tasks.ts';

const tasks = readScoredTasks(fileURLToPath(new URL('../../../apps', import.meta.url)));
const [task1, task2] = [tasks.get('task1')!, tasks.get('task2')!];

/** Patients whose DSC is that of `gtvp` and `gtvn` mm³ in common of 100 and 100; one lesion each. */
function segmented(gtvp: readonly number[], gtvn: readonly number[], found = 1): CaseScore[] {
  const label = (intersectionVolume: number): LabelScore => ({
    dsc: intersectionVolume / 100,
    hd95: 1,
    ...{ truthVolume: 100, predictedVolume: 100, intersectionVolume },
    ...{ truePositives: found, falsePositives: 1 - found, falseNegatives: 1 - found },
  });
  return gtvp.map((primary, i) => ({
    id: `P-${i}`,
    centre: 'P',
    status: 'scored',
    labels: { GTVp: label(primary), GTVn: label(gtvn[i]!) },
  }));
}

const base = segmented([70, 80, 60, 90, 75, 66], [50, 60, 70, 40, 55, 65]);

describe('two runs', () => {
  it('that are the same do not differ and share the rank', () => {
    const runs = ['a', 'b'].map((name) => ({ name, rows: base }));
    const [a, b] = compareRuns(runs, task1, CONVENTIONS).runs;
    expect(b!.differences.every(({ value, p }) => value === 0 && p === 1)).toBe(true);
    expect([a!.ranks['total'], b!.ranks['total']]).toEqual([1.5, 1.5]);
    expect(a!.first).toBeCloseTo(0.5, 12);
  });

  it('of which one is better for every patient differ, whatever the order of the rows', () => {
    const better = segmented([75, 85, 65, 95, 80, 71], [50, 60, 70, 40, 55, 65]).reverse();
    const { runs } = compareRuns(
      [
        { name: 'a', rows: base },
        { name: 'b', rows: better },
      ],
      task1,
      CONVENTIONS,
    );
    const [dsc] = runs[1]!.differences;
    expect(dsc!.name).toBe('mean GTVp DSC');
    // Paired: every resample holds the same patients, so the difference never varies.
    for (const found of [dsc!.value, dsc!.low, dsc!.high]) expect(found).toBeCloseTo(0.05, 12);
    expect(dsc!.p).toBeCloseTo(2 / 1001, 12);
    expect(runs.map(({ ranks }) => ranks['total'])).toEqual([2, 1]);
    expect(runs[1]!.first).toBeCloseTo(1, 12);
  });

  it('over other patients are refused', () => {
    const runs = [
      { name: 'a', rows: base },
      { name: 'b', rows: base.slice(1) },
    ];
    expect(() => compareRuns(runs, task1, CONVENTIONS)).toThrow(
      expect.objectContaining({ code: 'COHORT_INVALID', file: 'b' }),
    );
  });
});

it('ranks as the challenge does: GTVn by DSCagg and F1agg, then both labels', () => {
  const { runs } = compareRuns(
    [
      { name: 'a', rows: segmented([90, 90], [50, 50], 0) },
      { name: 'b', rows: segmented([80, 80], [60, 60], 1) },
      { name: 'c', rows: segmented([70, 70], [70, 70], 0) },
    ],
    task1,
    CONVENTIONS,
  );
  expect(runs.map(({ ranks }) => ranks)).toEqual([
    { 'mean GTVp DSC': 1, GTVp: 1, 'GTVn DSCagg': 3, 'GTVn F1agg': 2.5, GTVn: 3, total: 2 },
    { 'mean GTVp DSC': 2, GTVp: 2, 'GTVn DSCagg': 2, 'GTVn F1agg': 1, GTVn: 1, total: 1 },
    { 'mean GTVp DSC': 3, GTVp: 3, 'GTVn DSCagg': 1, 'GTVn F1agg': 2.5, GTVn: 2, total: 3 },
  ]);
});

it('is told by the short names of runs, with who is missing where', () => {
  const missing = base.map((row, i) => (i === 0 ? { ...row, status: 'failed' as const } : row));
  const runs = [
    { name: 'runs/a', rows: base },
    { name: 'runs/b/', rows: missing },
  ];
  const text = describeComparison(compareRuns(runs, task1, CONVENTIONS));
  expect(text).toContain('task1: 2 runs over 6 patients\n');
  expect(text).toContain('\nb minus a, paired\n');
  expect(text).toMatch(/patients without a prediction +0 +1\n/);
});

it('reads scored runs, and refuses other conventions and tasks', () => {
  const folder = newFolder();
  const about = { predictions: 'p', truth: 't', conventions: CONVENTIONS, warnings: [], notes: [] };
  writeFileSync(join(folder, 'cases.csv'), formatCases(base));
  const summary = summarise(base, { ...about, task: task1 });
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
  expect(readScored(folder, task1, CONVENTIONS)).toEqual(base);
  expect(readScored(newFolder(), task1, CONVENTIONS)).toBeUndefined();
  const refused = expect.objectContaining({ code: 'COHORT_INVALID' });
  expect(() => readScored(folder, task1, { ...CONVENTIONS, connectivity: 6 })).toThrow(refused);
  expect(() => readScored(folder, task2, CONVENTIONS)).toThrow(refused);
});
