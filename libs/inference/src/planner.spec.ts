import { describe, expect, it } from '@jest/globals';
import type { Tensor } from '@hecktor/volume';
import { combineMembers } from './combine-members.ts';
import type { Preference } from './decide-plan.ts';
import { windowMean } from './free-windows.ts';
import { createPlanner } from './planner.ts';
import type { PlanReport } from './plan-report.ts';
import { slideWindows, type SlidingWindowOptions } from './sliding-window.ts';
import { withFlips } from './flip.ts';

const FLIPS = [[2], [1], [0], [2, 1], [2, 0], [1, 0], [2, 1, 0]];
const WINDOWS: SlidingWindowOptions = {
  ...{ roi: [4, 4, 4], overlap: 0.5, blend: 'gaussian', sigmaScale: 0.125, windowsPerBatch: 1 },
};
/** 27 windows; brighter towards the end. */
const IMAGE: Tensor = {
  data: Float32Array.from({ length: 512 }, (_, i) => Math.sin(i) + 2 + i / 100),
  dims: [1, 1, 8, 8, 8],
};

interface Machine {
  readonly networks?: number;
  readonly flips?: readonly (readonly number[])[];
  readonly limitMs: number;
  /** Time of each pass, counted from 0. */
  readonly msOf: (pass: number) => number;
  readonly mode?: 'auto' | 'all';
  readonly prefer?: Preference;
  readonly windowsPerBatch?: number;
}

/** Runs an ensemble of stub networks on a clock that they alone move. */
async function run({ networks = 5, flips = FLIPS, limitMs, msOf, ...rest }: Machine) {
  let [clock, passes] = [0, 0];
  const reserve = 500;
  const plans: PlanReport[] = [];
  const answers: { at: number; voxels: number }[] = [];
  const options = { ...WINDOWS, windowsPerBatch: rest.windowsPerBatch ?? 1 };
  const planner = createPlanner({
    ...{ mode: rest.mode ?? 'auto', part: 'segmentation', networks, mirrors: flips.length + 1 },
    ...{ windowsPerBatch: options.windowsPerBatch, now: () => clock },
    ...(rest.prefer !== undefined && { prefer: rest.prefer }),
    remainingMs: () => limitMs - clock,
    reserveMs: () => reserve,
    worthOf: (layout, window) => windowMean(IMAGE, layout, window, 0),
    onPlan: (plan) => plans.push(plan),
  });
  const answer = (sum: Tensor): void => {
    clock += reserve;
    answers.push({ at: clock, voxels: covered(sum) });
  };
  const network = (index: number) => async (windows: Tensor) => {
    clock += msOf(passes++) * windows.dims[0]!;
    planner.passed(windows.dims[0]!);
    return { ...windows, data: windows.data.map((value, i) => value * (index + 1) + (i % 3)) };
  };
  const members = Array.from({ length: networks }, (_, i) => async () => {
    if (!planner.startsNetwork()) return undefined;
    clock += 10;
    planner.begin();
    if (i === 0) {
      const look = await slideWindows(IMAGE, network(i), options, planner.chooseFirstLook);
      if (look !== undefined) answer(look);
    }
    const predictor = withFlips(network(i), flips, planner.goesOn);
    const logits = await slideWindows(IMAGE, predictor, options, planner.choose);
    if (logits !== undefined) planner.end(true);
    return logits;
  });
  const logits = await combineMembers(members, {
    combine: 'mean-logits',
    onSum: (sum) => (planner.isInterimWorth(reserve) ? answer(sum) : undefined),
  });
  return { logits, plans, answers, passes, done: planner.report('done'), ms: clock + reserve };
}

function covered({ data }: Tensor): number {
  return data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
}

const even = () => 1000;
/** All passes of all networks on an even machine: 5 * 27 * 8 seconds. */
const WHOLE = 5 * 27 * 8 * 1000;

describe('a plan', () => {
  it('is everything, to the last bit, where everything fits', async () => {
    const all = await run({ limitMs: 1, msOf: even, mode: 'all' });
    const auto = await run({ limitMs: 1.2 * WHOLE, msOf: even });
    expect(auto.logits).toEqual(all.logits);
    expect(auto.done).toMatchObject({
      networks: { of: 5, planned: 5, done: 5 },
      mirrors: { of: 8, planned: 8, done: 8 },
      windows: { of: 27, planned: 27, done: 27 },
      passes: { of: 1080, planned: 1080, done: 1080 },
      dropped: [],
    });
    expect(auto.plans.map(({ state }) => state)).toEqual(['planned']);
    expect(all.done.dropped).toEqual([]);
  });

  it('goes on to the end, whatever the time, where everything is asked for', async () => {
    const { ms, answers, passes } = await run({ limitMs: 9, msOf: even, mode: 'all' });
    expect(ms).toBeGreaterThan(WHOLE);
    expect(passes).toBe(1080);
    expect(answers).toEqual([]);
  });

  it.each([
    ['every network once and some mirror images', 0.3, 5, [2, 2.7]],
    ['every network once', 0.14, 5, [1, 1.3]],
    ['two networks', 0.06, 2, [1, 1.3]],
    ['one network', 0.03, 1, [1, 1.3]],
  ] as const)('takes %s by default', async (_, share, networks, [least, most]) => {
    const limitMs = share * WHOLE;
    const { done, ms } = await run({ limitMs, msOf: even });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(done.networks.done).toBe(networks);
    expect(done.mirrors.done).toBeGreaterThanOrEqual(least);
    expect(done.mirrors.done).toBeLessThanOrEqual(most);
    expect(done.windows.done).toBe(27);
    expect(done.dropped.length).toBeGreaterThan(0);
  });

  it('takes all mirror images of few networks where the recipe prefers those', async () => {
    const limitMs = 0.5 * WHOLE;
    const { done, ms } = await run({ limitMs, msOf: even, prefer: 'mirrors' });
    expect(ms).toBeLessThanOrEqual(limitMs);
    // Two with all of them, and as many as still fit of the third.
    expect(done.networks.done).toBe(3);
    expect(done.mirrors.done).toBeGreaterThan(6);
  });

  it('takes less overlap where not one network fits, and still looks at everything', async () => {
    const limitMs = 20_000;
    const { done, ms, logits } = await run({ limitMs, msOf: even });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(done.networks.done).toBe(1);
    expect(done.windows.done).toBeGreaterThanOrEqual(8);
    expect(done.windows.done).toBeLessThan(27);
    expect(covered(logits)).toBe(512);
    expect(done.dropped).toContain(`${27 - done.windows.done} of 27 windows`);
  });

  it('looks at the body first where not even that fits, and says what is left out', async () => {
    const limitMs = 4_500;
    const { done, ms, logits, plans } = await run({ limitMs, msOf: even, flips: [] });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(done.windows.done).toBeGreaterThanOrEqual(3);
    expect(Math.abs(plans[0]!.windows.planned - done.windows.done)).toBeLessThanOrEqual(1);
    expect(plans[0]!.dropped).toContain('a part of the image');
    expect(covered(logits)).toBeLessThan(512);
    expect(logits.data.at(-1)).not.toBe(0);
    expect(done.dropped).toContain('a part of the image');
  });

  it('begins where a first look began, which is there already', async () => {
    const { done, logits } = await run({ limitMs: 4_500, msOf: even });
    expect(done.windows.done).toBeGreaterThanOrEqual(2);
    expect(logits.data[0]).not.toBe(0);
  });

  it('is one window at least', async () => {
    const { done, logits } = await run({ limitMs: 600, msOf: even });
    expect(done.windows.done).toBe(1);
    expect(covered(logits)).toBe(64);
  });

  it.each([1, 2, 4])('holds for %d windows in a batch', async (windowsPerBatch) => {
    const limitMs = 0.3 * WHOLE;
    const { done, ms } = await run({ limitMs, msOf: even, windowsPerBatch });
    expect(ms).toBeLessThanOrEqual(limitMs + 1000 * windowsPerBatch);
    expect(done.networks.done).toBe(5);
  });
});

describe('a machine that does not keep its pace', () => {
  it.each([
    ['a half', 2],
    ['a quarter', 4],
    ['a tenth', 10],
  ])('drops to %s: there is an answer in time', async (_, factor) => {
    const limitMs = 0.3 * WHOLE;
    const msOf = (pass: number) => (pass < 150 ? 1000 : factor * 1000);
    const { done, ms, logits } = await run({ limitMs, msOf });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(done.networks.done).toBeGreaterThanOrEqual(1);
    expect(covered(logits)).toBe(512);
  });

  it('slows down in its first network, which goes on with less overlap', async () => {
    const limitMs = 35_000;
    const msOf = (pass: number) => (pass < 5 ? 1000 : 2500);
    const { done, ms, logits, plans } = await run({ limitMs, msOf, networks: 1, flips: [] });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(covered(logits)).toBe(512);
    expect(done.windows.done).toBeLessThan(27);
    expect(plans.map(({ state }) => state)).toContain('changed');
  });

  it('gives up a network that will not be done, for those that are', async () => {
    const limitMs = 60_000;
    const msOf = (pass: number) => (pass < 35 ? 1000 : 20_000);
    const { done, ms, logits } = await run({ limitMs, msOf, networks: 2, flips: [] });
    const alone = await run({ limitMs: 1e9, msOf: even, networks: 1, flips: [] });
    expect(ms).toBeLessThanOrEqual(limitMs + 20_000);
    expect(done.networks).toEqual({ of: 2, planned: 1, done: 1 });
    expect(logits).toEqual(alone.logits);
  });

  it('hangs once: the rest goes on at its pace', async () => {
    const limitMs = 0.3 * WHOLE;
    const msOf = (pass: number) => (pass === 40 ? 60_000 : 1000);
    const { done, ms } = await run({ limitMs, msOf });
    expect(ms).toBeLessThanOrEqual(limitMs);
    expect(done.networks.done).toBe(5);
  });

  it('is fast again: what was left out is taken up', async () => {
    const msOf = (pass: number) => (pass < 10 ? 3000 : 500);
    const { done } = await run({ limitMs: WHOLE, msOf });
    expect(done.networks.done).toBe(5);
    expect(done.mirrors.done).toBeGreaterThan(7);
  });
});

describe('early answers', () => {
  it('come from a first look without mirror images where the work is long', async () => {
    const limitMs = 520_000;
    const { answers, passes, logits } = await run({ limitMs, msOf: even, networks: 2 });
    // All 27 windows would be too much for a first look.
    expect(passes).toBe(2 * 27 * 8 + 18);
    expect(answers.map(({ voxels }) => voxels)).toEqual([512, 512]);
    expect(answers[0]!.at).toBeLessThan(0.05 * limitMs);
    const all = await run({ limitMs: 1, msOf: even, mode: 'all', networks: 2 });
    expect(logits).toEqual(all.logits);
  });

  it('come from the first network where a first look would cost too much', async () => {
    const { answers, passes } = await run({ limitMs: 100_000, msOf: even, flips: [], networks: 3 });
    expect(passes).toBe(81);
    expect(answers.length).toBeGreaterThanOrEqual(1);
    expect(answers[0]!.at).toBeGreaterThan(27_000);
  });

  it('do not come where the work is short', async () => {
    const { answers, passes } = await run({ limitMs: 10 * WHOLE, msOf: even });
    expect(answers).toEqual([]);
    // One pass, which the network need not do again, shows that it is.
    expect(passes).toBe(1081);
  });
});
