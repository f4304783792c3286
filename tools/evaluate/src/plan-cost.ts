import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { predictCohort, type PredictOptions } from '@hecktor/predict';
import { loadRecipe, SEGMENTATION } from '@hecktor/recipe';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import { describeScore } from './text.ts';

/** What of a segmentation recipe a plan may leave out. */
interface PlannedRecipe {
  readonly models: readonly unknown[];
  readonly inference: { readonly overlap: number; readonly flips?: readonly unknown[] };
}

/** One level of a plan, and what it scored. */
interface PlanLevel {
  readonly level: string;
  readonly secondsPerCase: number | undefined;
  readonly summary: Summary;
}

/**
 * Scores a task's program with all of its recipe, and with what a plan takes of it where the time
 * does not suffice: no mirror images, fewer networks, less overlap.
 *
 * @param run Below its `out` each level gets a folder of predictions.
 * @throws HecktorError OPTION_INVALID for another task than a segmentation; as `predictCohort` and
 * {@link evaluate} do.
 */
export async function planCost(
  run: Omit<PredictOptions, 'cases'>,
  how: Omit<EvaluateOptions, 'predictions'>,
): Promise<PlanLevel[]> {
  const { task, program } = run;
  if (task.recipe.kind !== 'segmentation') {
    throw new HecktorError('OPTION_INVALID', {
      detail: `--plan-cost is for tasks that segment, ${task.name} does not`,
      fix: 'leave it out',
    });
  }
  const { recipe } = await loadRecipe(program, SEGMENTATION, { task });
  const results: PlanLevel[] = [];
  for (const [i, [level, reduced]] of planLevels(recipe).entries()) {
    // A recipe in the model folder wins over the one beside the weights.
    const modelFolder = mkdtempSync(join(tmpdir(), 'plan-cost-'));
    try {
      writeFileSync(join(modelFolder, 'pipeline.json'), JSON.stringify(reduced));
      const out = join(run.out, 'plan-cost', String(i));
      const levelled = { ...program, modelFolder, plan: 'all' as const };
      await predictCohort({ ...run, cases: how.cohort.cases, program: levelled, out });
      const { summary, secondsPerCase } = await evaluate({ ...how, predictions: out });
      results.push({ level, secondsPerCase, summary });
    } finally {
      rmSync(modelFolder, { recursive: true, force: true });
    }
  }
  return results;
}

/** The levels of a recipe's plans, dearest first. */
export function planLevels<T extends PlannedRecipe>(recipe: T): [level: string, recipe: T][] {
  const { models, inference } = recipe;
  const plain = { ...recipe, inference: { ...inference, flips: [] } };
  const only = (count: number, from = plain) => ({ ...from, models: models.slice(0, count) });
  const counts = [Math.ceil(models.length / 2), 1].filter((n, i, all) => all.indexOf(n) === i);
  const wide = { ...plain, inference: { ...plain.inference, overlap: 0 } };
  return [
    ['all', recipe],
    ...((inference.flips?.length ?? 0) > 0 ? [entry('no mirror images', plain)] : []),
    ...counts
      .filter((count) => count < models.length)
      .map((count) => entry(`${count} of ${models.length} networks`, only(count))),
    ...(inference.overlap > 0 ? [entry('1 network, no overlap', only(1, wide))] : []),
  ];
}

function entry<T>(level: string, recipe: T): [string, T] {
  return [level, recipe];
}

/** A table of the levels: their scores, and the seconds of a case. */
export function describePlanCost(levels: readonly PlanLevel[]): string {
  return levels
    .map(({ level, secondsPerCase = 0, summary: { scores, failed } }) => {
      const lines = scores.map((one) => `  ${one.name}  ${describeScore(one)}`);
      const failures = failed === 0 ? [] : [`  ${failed} cases failed`];
      return [`${level}: ${secondsPerCase.toFixed(1)} s per case`, ...lines, ...failures].join(
        '\n',
      );
    })
    .join('\n')
    .concat('\n');
}
