import type { CaseScore, Score, Summary } from '@hecktor/cohort';
import { isHecktorError } from '@hecktor/errors';
import { bootstrapInterval } from '@hecktor/metrics';
import { describeConventions, type Conventions } from './conventions.ts';
import { labelsOf } from './score-segmentation.ts';
import { labelScores, matrixOf, scoresOf, survivalOf, type ScoreOf } from './scores.ts';
import type { ScoredTask } from './tasks.ts';
import { warningsOf } from './warnings.ts';

/** What a summary says besides its scores. */
export interface About {
  readonly task: ScoredTask;
  readonly predictions: string;
  readonly truth: string;
  readonly conventions: Conventions;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** The scores of a set with their intervals, by centre too where there are several. */
export function summarise(rows: readonly CaseScore[], about: About): Summary {
  const { task, conventions } = about;
  const notes = [...about.notes];
  const definitions = scoresOf(task, conventions).filter(({ isKnown }) => isKnown?.(rows) ?? true);
  const scores = definitions.map((definition) => {
    const { score, why } = scoreWithInterval(definition, rows, conventions);
    if (why !== undefined) notes.push(`not scored: ${why}`);
    return score;
  });
  const primary = labelsOf(task)[0]?.name;
  return {
    task: task.name,
    predictions: about.predictions,
    truth: about.truth,
    cases: rows.length,
    failed: rows.filter(({ status }) => status === 'failed').length,
    conventions: describeConventions(task.evaluation.metric, conventions, primary),
    scores,
    centres: centresOf(rows).map(([centre, members]) => ({
      centre,
      cases: members.length,
      scores: definitions.map(
        (definition) => scoreWithInterval(definition, members, conventions).score,
      ),
    })),
    facts: factsOf(task, rows),
    warnings: [...warningsOf(task, scores, rows), ...about.warnings],
    notes,
  };
}

/** A score with its percentile interval; NaN, and why, where it is not defined. */
export function scoreWithInterval(
  { name, isBetter, ranks, of, ofSample = of }: ScoreOf,
  rows: readonly CaseScore[],
  { resamples }: Pick<Conventions, 'resamples'>,
): { readonly score: Score; readonly why?: string | undefined } {
  const about = { name, isBetter, ...(ranks !== undefined && { ranks }) };
  try {
    const value = of(rows);
    return {
      score: { ...about, value, interval: bootstrapInterval(rows, ofSample, { resamples }) },
    };
  } catch (error) {
    if (!isHecktorError(error, 'INVALID_ARGUMENT')) throw error;
    const interval = { low: Number.NaN, high: Number.NaN, resamples: 0 };
    return { score: { ...about, value: Number.NaN, interval }, why: error.detail };
  }
}

function centresOf(rows: readonly CaseScore[]): [string, CaseScore[]][] {
  const names = [...new Set(rows.map(({ centre }) => centre))].sort();
  return names.map((name) => [name, rows.filter(({ centre }) => centre === name)]);
}

function factsOf(task: ScoredTask, rows: readonly CaseScore[]): Record<string, number | string> {
  switch (task.evaluation.metric) {
    case 'dice':
      return Object.fromEntries(
        labelsOf(task).flatMap(({ name }) => {
          const scores = labelScores(rows, name);
          const total = (of: (score: (typeof scores)[number]) => number): number =>
            scores.reduce((sum, score) => sum + of(score), 0);
          const alone = scores.filter(({ hd95 }) => hd95 === Infinity).length;
          const mean = (of: Parameters<typeof total>[0]): string =>
            (total(of) / scores.length / 1000).toFixed(2);
          return [
            [
              `${name} volume, mean (mL)`,
              `${mean((s) => s.predictedVolume)} predicted, ${mean((s) => s.truthVolume)} true`,
            ],
            [
              `${name} lesions`,
              `${total((s) => s.truePositives)} found, ${total((s) => s.falseNegatives)} missed, ` +
                `${total((s) => s.falsePositives)} false`,
            ],
            [
              `${name} in one mask alone`,
              `${alone} patient${alone === 1 ? '' : 's'}, without HD95`,
            ],
          ];
        }),
      );
    case 'concordance-index':
      return { recurrences: survivalOf(rows).filter(({ event }) => event).length };
    case 'balanced-accuracy': {
      if (task.output.kind === 'class') return {};
      const matrix = matrixOf(rows);
      return {
        'true positives': matrix.truePositives,
        'false negatives': matrix.falseNegatives,
        'false positives': matrix.falsePositives,
        'true negatives': matrix.trueNegatives,
      };
    }
  }
}
