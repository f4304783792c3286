import { describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import type { HeadOf } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import { applyClassHead } from './class-head.ts';
import type { Members } from './head.ts';
import { applyRiskHead } from './risk-heads.ts';

const quiet = (): void => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const members = (...outputs: number[][]) => ({
  outputs: outputs.map((output) => Float32Array.from(output)),
  weights: outputs.map((_, i) => i + 1),
});

const classOf = (...[outputs, head]: [Members, HeadOf<'class'>]) =>
  applyClassHead(outputs, head, log).value;

describe('applyClassHead', () => {
  const head = { kind: 'class', positive: 1, decide: 'argmax' } as const;

  it.each([
    [[1, 2], 1, true],
    [[2, 1], 1, false],
    [[2, 1], 0, true],
    [[1, 1], 1, false],
    [[1, 1], 0, true],
    [[-1000, 1000], 1, true],
  ] as const)('by the larger of %j with class %s as true', (logits, positive, expected) => {
    expect(classOf(members([...logits]), { ...head, positive })).toBe(expected);
  });

  it('by a threshold that the probability may just meet', () => {
    const decide = { threshold: 0.5 };
    expect(classOf(members([1, 1]), { ...head, decide })).toBe(true);
    expect(classOf(members([1, 0.99]), { ...head, decide })).toBe(false);
  });

  it('by means that may differ: one network is very sure, the other a little', () => {
    const outputs = members([0, 30], [2, 0]);
    outputs.weights = [1, 2];
    expect(classOf(outputs, head)).toBe(true);
    expect(classOf(outputs, { ...head, combine: 'mean-probabilities' })).toBe(false);
  });

  it('without the networks of weight 0', () => {
    const outputs = { ...members([5, 0], [0, 1]), weights: [0, 1] };
    expect(classOf(outputs, head)).toBe(true);
  });
});

describe('applyClassHead with tiny weights', () => {
  it('is as with large ones', () => {
    const head = { kind: 'class', positive: 1, decide: { threshold: 0.6 } } as const;
    const outputs = members([0, 0.1], [0, 0.9]);
    const tiny = { ...outputs, weights: [5e-324, 5e-324] };
    const large = { ...outputs, weights: [1, 1] };
    expect(classOf(tiny, head)).toBe(classOf(large, head));
    expect(classOf(tiny, { ...head, decide: 'argmax' })).toBe(true);
  });
});

describe('applyRiskHead', () => {
  it.each([
    ['median', -2],
    ['mean', -3],
    ['weighted-mean', -23 / 6],
    ['best', -6],
  ] as const)('combines by %s, the sign turned', (combine, expected) => {
    const head = { kind: 'risk', higherIs: 'later', combine } as const;
    expect(applyRiskHead(members([1], [2], [6]), head, log)).toBeCloseTo(expected, 12);
  });

  it('refuses a risk that is no number', () => {
    const head = { kind: 'risk', higherIs: 'earlier' } as const;
    let thrown: unknown;
    try {
      applyRiskHead(members([1], [NaN]), head, log);
    } catch (error) {
      thrown = error;
    }
    expect(isHecktorError(thrown, 'MODEL_OUTPUT_INVALID')).toBe(true);
  });
});

describe('applyClassHead with named classes', () => {
  const head: HeadOf<'class'> = { kind: 'class', classes: ['T0', 'T1', 'T2'], decide: 'argmax' };
  // The softmax of (1, 2, 0) by SciPy 1.17.
  const SOFTMAX = [0.24472847105479767, 0.6652409557748219, 0.09003057317038046];

  it('gives the likeliest, the first of equals, and how likely each one is', () => {
    const { value, probability } = applyClassHead(members([1, 2, 0]), { ...head }, log);
    expect(value).toBe('T1');
    Object.values(probability).forEach((p, i) => expect(p).toBeCloseTo(SOFTMAX[i]!, 12));
    expect(applyClassHead(members([2, 2, 0]), { ...head }, log).value).toBe('T0');
  });

  it('gives none but those that the task has', () => {
    const among = ['T2', 'T0'];
    const answer = applyClassHead(members([1, 2, 0]), { ...head, among }, log);
    expect(answer.value).toBe('T0');
    expect(Object.keys(answer.probability)).toEqual(['T0', 'T1', 'T2']);
  });

  it('averages folds by their weights', () => {
    const outputs = members([4, 0, 0], [0, 3, 0]);
    expect(applyClassHead(outputs, { ...head }, log).value).toBe('T1');
  });
});

describe('applyClassHead with what else networks give', () => {
  const head = { kind: 'class', positive: 1, decide: { threshold: 0.6 } } as const;
  const of = (output: number[], more: Partial<HeadOf<'class'>>) =>
    applyClassHead(members(output), { ...head, ...more }, log);

  it.each([
    ['one logit', [Math.log(3)], { gives: 'logit' }, 0.75, true],
    ['one logit of class 0', [Math.log(3)], { gives: 'logit', positive: 0 }, 0.75, true],
    ['one probability', [0.5], { gives: 'probability' }, 0.5, false],
    ['probabilities', [0.375, 0.625], { gives: 'probabilities' }, 0.625, true],
    ['probabilities of class 0', [0.75, 0.25], { gives: 'probabilities', positive: 0 }, 0.75, true],
  ] as const)('takes %s', (_, output, more, probability, value) => {
    const answer = of([...output], more);
    expect(answer.probability).toBeCloseTo(probability, 6);
    expect(answer.value).toBe(value);
  });

  it('refuses logits that are called probabilities', () => {
    expect(() => of([-1, 2], { gives: 'probabilities' })).toThrow('MODEL_OUTPUT_INVALID');
  });
});

describe('applyRiskHead of several numbers', () => {
  it('takes the column that the recipe names, and no other', () => {
    const head = { kind: 'risk', higherIs: 'earlier', column: 2 } as const;
    expect(applyRiskHead(members([1, 2, 7]), head, log)).toBe(7);
    expect(() => applyRiskHead(members([1, 2]), head, log)).toThrow('MODEL_MISMATCH');
  });
});
