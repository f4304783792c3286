import { describe, expect, it } from '@jest/globals';
import type { PlanReport } from '@hecktor/inference';
import { loadRecipe, PREDICTION } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import { expectedPredictions, stagePrediction } from '@hecktor/testing';
import { PlanMade } from './plan-made.ts';
import type { RunContext } from './run-context.ts';
import { runNetworks } from './run-networks.ts';
import { shareRuns } from './shared-runs.ts';

const { ehr, vector } = expectedPredictions()[0]!;
const GIVEN = {
  image: {
    data: new Float32Array(2 * 12 ** 3).map((_, i) => Math.sin(i)),
    dims: [1, 2, 12, 12, 12],
  },
  features: { data: Float32Array.from(vector), dims: [1, vector.length] },
};

/** Runs the two networks of the recipe `class` with so much time left before each of them, ms. */
async function run(leftMs: (networks: number) => number, more: Partial<RunContext> = {}) {
  const { resources, modelFolder } = stagePrediction('class', ehr);
  const loaded = await loadRecipe({ resources, modelFolder }, PREDICTION);
  const plans: PlanReport[] = [];
  let loadedModels = 0;
  const early: number[] = [];
  const context: RunContext = {
    log: createLog((_, message, fields) => {
      if (message === 'model loaded') loadedModels++;
      if (message === 'plan') plans.push(fields!['plan'] as PlanReport);
    }),
    ...{ timer: createStageTimer(), threads: 1, onProgress: () => undefined, plan: 'auto' },
    remainingMs: () => leftMs(loadedModels),
    ...more,
  };
  const stage = loaded.stages![0]!;
  const settings = { shared: shareRuns([stage]) };
  const outputs = await runNetworks(GIVEN, stage, settings, context, (some) =>
    early.push(some.length),
  );
  return { outputs, plans, early };
}

describe('the networks of a prediction', () => {
  it('all run where the time does, and each but the last gives an early answer', async () => {
    const { outputs, plans, early } = await run(() => 1e6);
    expect(outputs).toHaveLength(2);
    expect(early).toEqual([1]);
    expect(plans.map(({ state }) => state)).toEqual(['planned', 'done']);
    expect(plans[1]).toMatchObject({ networks: { of: 2, planned: 2, done: 2 }, dropped: [] });
  });

  it('are left out where it does not, but for the first', async () => {
    const all = await run(() => 1e6);
    const { outputs, plans } = await run((networks) => (networks > 0 ? 0 : 1e6));
    expect(outputs).toEqual(all.outputs.slice(0, 1));
    expect(plans.at(-1)).toMatchObject({
      ...{ state: 'done', part: 'prediction' },
      networks: { of: 2, planned: 1, done: 1 },
      dropped: ['1 of 2 networks'],
    });
  });

  it('all run, whatever the time, where everything is asked for', async () => {
    const { outputs, plans } = await run(() => 0, { plan: 'all' });
    expect(outputs).toHaveLength(2);
    expect(plans.at(-1)!.dropped).toEqual([]);
  });

  it('end after the first where only the plan is wanted', async () => {
    await expect(run(() => 1e6, { planOnly: true })).rejects.toThrow(PlanMade);
  });
});
