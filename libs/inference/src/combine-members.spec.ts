import { describe, expect, it } from '@jest/globals';
import { combineMembers, type Member } from './index.ts';

const member =
  (...data: number[]): Member =>
  () =>
    Promise.resolve({ data: Float32Array.from(data), dims: [1, 2, 1, 1, data.length / 2] });

describe('combineMembers', () => {
  it('gives the mean of logits', async () => {
    const members = [member(1, 2, 3, 4), member(3, 4, 5, 12), member(2, 0, 1, 2)];
    const { data, dims } = await combineMembers(members, { combine: 'mean-logits' });
    expect(Array.from(data)).toEqual([2, 2, 3, 6]);
    expect(dims).toEqual([1, 2, 1, 1, 2]);
  });

  it('weighs members by weights that need not sum to 1', async () => {
    const { data } = await combineMembers([member(0, 0, 8, 4), member(4, 8, 0, 0)], {
      combine: 'mean-logits',
      weights: [1, 3],
    });
    expect(Array.from(data)).toEqual([3, 6, 2, 1]);
  });

  it('gives the mean of probabilities, which sum to 1', async () => {
    const { data } = await combineMembers([member(0, 50, 0, -50), member(Math.log(3), 0, 0, 0)], {
      combine: 'mean-probabilities',
    });
    // softmax: (1/2, 1/2), (1, 0) and (3/4, 1/4), (1/2, 1/2)
    [0.625, 0.75, 0.375, 0.25].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
  });

  it('starts a member only when the one before is done', async () => {
    const events: string[] = [];
    const slow =
      (name: string): Member =>
      async () => {
        events.push(`start ${name}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        events.push(`end ${name}`);
        return member(1, 1)();
      };
    await combineMembers([slow('a'), slow('b')], { combine: 'mean-logits' });
    expect(events).toEqual(['start a', 'end a', 'start b', 'end b']);
  });

  it.each([
    ['no members', [], undefined],
    ['a missing weight', [member(1, 1), member(1, 1)], [1]],
    ['a negative weight', [member(1, 1)], [-1]],
    ['weights that are all 0', [member(1, 1)], [0]],
    ['a weight that is not a number', [member(1, 1)], [Number.NaN]],
  ])('refuses %s', async (_, members, weights) => {
    const options = { combine: 'mean-logits', ...(weights ? { weights } : {}) } as const;
    await expect(combineMembers(members, options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('refuses members of different shapes', async () => {
    const run = combineMembers([member(1, 1), member(1, 1, 1, 1)], { combine: 'mean-logits' });
    await expect(run).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
  });
});
