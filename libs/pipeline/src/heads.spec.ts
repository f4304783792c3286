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
