import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { evaluate } from './evaluate.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { maskFolder, petCohort } from './fixtures/masks.ts';
import { parseSweep } from './sweep-rules.ts';
import { describeSweeps, sweepRules } from './sweep.ts';
import { labelsOf } from './score-segmentation.ts';
import { readScoredTasks } from './tasks.ts';
import { readTruth } from './truth.ts';

const task = readScoredTasks(fileURLToPath(new URL('../../../apps', import.meta.url))).get(
  'task1',
)!;
const labels = labelsOf(task);

/** Ten patients with a node of 3 voxels, found by all; predictions have a false one of 1 voxel more. */
const TRUTH = '2220000000';
const PREDICTION = '2220000020';
const ids = Array.from({ length: 10 }, (_, i) => `P-${i}`);
const all = <T>(value: T): Record<string, T> => Object.fromEntries(ids.map((id) => [id, value]));

async function sweep(truth: string, predictions: string, text: string, conventions = CONVENTIONS) {
  const cohort = readTruth(truth, task);
  const options = { task, cohort, predictions, conventions };
  const { rows } = await evaluate(options);
  const hasImage = (name: string) => cohort.cases.every(({ images }) => name in images);
  return sweepRules(parseSweep(text, labels, hasImage), rows, options);
}

describe('sweeping a rule', () => {
  it('finds the value that removes what is false and keeps what is true', async () => {
    const rule = '{"step":"remove-small-components","label":2,"minVolume":[0.5,2,3,4]}';
    const masks = await maskFolder(all(PREDICTION));
    const found = await sweep(await maskFolder(all(TRUTH)), masks, rule);
    expect(found.map(({ score }) => score)).toEqual(['GTVn DSCagg', 'GTVn F1agg']);
    const [, f1] = found;
    expect(f1!.without.value).toBeCloseTo(2 / 3, 12);
    expect(f1!.values.map(({ value, score }) => [value, score.value])).toEqual([
      [0.5, 2 / 3],
      [2, 1],
      [3, 1],
      [4, 0],
    ]);
    // The mildest of equals.
    expect(f1!.best).toBe(2);
    expect(f1!.gain!.value).toBeCloseTo(1 / 3, 12);
    expect(f1!.crossValidated.value).toBe(1);
    expect(describeSweeps(found)).toContain('optimistic, chosen on these patients');
  });

  it('is judged by patients that did not choose the value', async () => {
    // The true lesion of P-0 alone is as small as the false ones of the others.
    const truth = { ...all(TRUTH), 'P-0': '2000000000' };
    const masks = { ...all(PREDICTION), 'P-0': '2000000000' };
    const rule = '{"step":"remove-small-components","label":2,"minVolume":[2]}';
    const [, f1] = await sweep(await maskFolder(truth), await maskFolder(masks), rule);
    expect(f1!.best).toBe(2);
    expect(f1!.crossValidated.value).toBe(f1!.values[0]!.score.value);
  });

  it('does without a score that a part of the patients does not define', async () => {
    const truth = { a: '1110', b: '0000', c: '0000', d: '0000', e: '0000' };
    const conventions = { ...CONVENTIONS, whenBothEmpty: 'skip' } as const;
    const rule = '{"step":"remove-small-components","label":1,"minVolume":[2]}';
    const same = await maskFolder(truth);
    const [dsc] = await sweep(same, same, rule, conventions);
    expect(dsc!.best).toBeUndefined();
    expect(dsc!.crossValidated.value).toBe(1);
  });

  it('keeps no rule where none is better', async () => {
    const rule = '{"step":"keep-largest-component","label":2,"components":[1,2]}';
    const same = await maskFolder(all('2220002220'));
    const [dsc] = await sweep(same, same, rule);
    expect(dsc!.best).toBeUndefined();
    expect(dsc!.gain).toBeUndefined();
    expect(describeSweeps([dsc!])).toContain('no value is better than no rule');
  });

  it('looks at the PET, and leaves patients without a prediction as they are', async () => {
    const pet = [5, 5, 5, 0, 0, 0, 0, 0, 1.8, 0];
    const truth = await petCohort(all({ truth: TRUTH, pet }));
    const some = Object.fromEntries(Object.entries(all(PREDICTION)).slice(1));
    const rule = '{"step":"remove-low-uptake-components","label":2,"minSUVmax":[1,2,6]}';
    const [, f1] = await sweep(truth, await maskFolder(some), rule);
    const values = f1!.values.map(({ score }) => score.value);
    // Nine patients found, one missed, with nine false lesions or none.
    expect(values[0]).toBeCloseTo(18 / (18 + 9 + 1), 12);
    expect(values[1]).toBeCloseTo(18 / (18 + 1), 12);
    expect(values[2]).toBe(0);
    expect(f1!.best).toBe(2);
  });
});

describe('what to sweep', () => {
  const withPet = (name: string): boolean => name === 'pet';

  it('is by default every rule with a threshold, of every label', () => {
    const fields = (hasImage: (name: string) => boolean) =>
      parseSweep('all', labels, hasImage).map(({ label, field }) => `${label.name} ${field}`);
    expect(fields(withPet)).toHaveLength(10);
    expect(fields(() => false)).toEqual([
      'GTVp minVolume',
      'GTVp minDiameter',
      'GTVp components',
      'GTVn minVolume',
      'GTVn minDiameter',
      'GTVn components',
    ]);
  });

  it.each([
    ['some', 'neither'],
    ['{"step":"remove-small-components","label":2}', 'a list of values in one field'],
    ['{"step":"remove-small-components","label":3,"minVolume":[1]}', 'label: expected one of 1, 2'],
    ['{"step":"remove-big-components","label":2,"minVolume":[1]}', 'step: expected one of'],
    ['{"step":"remove-small-components","label":2,"minVolume":[-1]}', 'minVolume'],
    ['{"step":"remove-small-components","label":2,"minVolum":[1]}', 'minVolum'],
  ])('is refused: %s', (text, message) => {
    expect(() => parseSweep(text, labels, withPet)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining(message),
      }),
    );
  });
});
