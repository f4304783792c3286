import type { CaseScore, Score } from '@hecktor/cohort';
import { bootstrapInterval } from '@hecktor/metrics';
import type { Conventions } from './conventions.ts';
import { mainScore } from './scores.ts';
import type { ScoredTask } from './tasks.ts';
import { describeScore } from './text.ts';

/** The score of a task with several outputs. */
type WeightedSum = Pick<Score, 'value' | 'interval'> & {
  readonly task: string;
  readonly parts: readonly {
    readonly output: string;
    readonly weight: number;
    readonly value: number;
  }[];
};

/**
 * The sum of the main scores of a task's outputs by their weights, with the interval of a bootstrap
 * over the patients of all of them.
 *
 * @param rows - Of each output, in the order of `parts`.
 */
export function weightedSum(
  parts: readonly ScoredTask[],
  rows: readonly (readonly CaseScore[])[],
  conventions: Conventions,
): WeightedSum {
  const scores = parts.map((part) => mainScore(part, conventions));
  const weights = parts.map(({ evaluation }) => evaluation.weight ?? 1);
  const byId = rows.map((each) => new Map(each.map((row) => [row.id, row])));
  const of = (ids: readonly string[]): number =>
    scores.reduce((sum, score, i) => {
      const own = ids.flatMap((id) => byId[i]!.get(id) ?? []);
      return sum + weights[i]! * score(own);
    }, 0);
  const ids = [...new Set(rows.flat().map(({ id }) => id))];
  return {
    task: parts[0]!.name,
    value: of(ids),
    interval: bootstrapInterval(ids, of, { resamples: conventions.resamples }),
    parts: parts.map(({ output }, i) => ({
      output: output.name,
      weight: weights[i]!,
      value: scores[i]!(rows[i]!),
    })),
  };
}

export function describeSum({ task, parts, ...total }: WeightedSum): string {
  const terms = parts.map(
    ({ output, weight, value }) => `  ${weight} x ${value.toFixed(3)}  ${output}\n`,
  );
  return `${task}: score ${describeScore(total)}\n${terms.join('')}`;
}
