import { openAnswers, type CaseScore, type Cohort, type Summary } from '@hecktor/cohort';
import type { Conventions } from './conventions.ts';
import { scoreCases, type CaseScorer } from './score-cases.ts';
import { segmentationScorer } from './score-segmentation.ts';
import { classScorer, namedClassScorer, survivalScorer } from './score-tables.ts';
import { summarise } from './summarise.ts';
import type { ScoredTask } from './tasks.ts';

export interface EvaluateOptions {
  readonly task: ScoredTask;
  /** The patients whose truth is known. */
  readonly cohort: Cohort;
  /** A folder of predictions or of masks, or a table. */
  readonly predictions: string;
  readonly conventions: Conventions;
}

/** The rows of `cases.csv` and what `summary.json` says. */
export interface Evaluation {
  readonly rows: readonly CaseScore[];
  readonly summary: Summary;
  readonly secondsPerCase: number | undefined;
}

/**
 * Scores predictions of labelled patients.
 *
 * @throws HecktorError COHORT_INVALID for a truth that cannot be scored; PREDICTIONS_INVALID;
 * PREDICTION_MISSING where the conventions refuse it.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { task, cohort, predictions, conventions } = options;
  const scorer = scorerOf(task, cohort, conventions);
  const answers = openAnswers(predictions, task);
  const known = new Set(cohort.cases.map(({ id }) => id));
  const others = answers.ids.filter((id) => !known.has(id)).length;
  const { rows, warnings } = await scoreCases(cohort.cases, answers, scorer, conventions.missing);
  const summary = summarise(rows, {
    ...{ task, predictions, truth: cohort.data, conventions, warnings },
    notes: [
      ...cohort.notes,
      ...(others === 0 ? [] : [`${others} predictions of patients that are not scored`]),
    ],
  });
  return { rows, summary, secondsPerCase: answers.secondsPerCase };
}

/** How the task is scored. Throws COHORT_INVALID for a truth that cannot be. */
export function scorerOf(task: ScoredTask, cohort: Cohort, conventions: Conventions): CaseScorer {
  const { cases, table = cohort.data } = cohort;
  switch (task.evaluation.metric) {
    case 'concordance-index':
      return survivalScorer(task, cases, table);
    case 'balanced-accuracy':
      return task.output.kind === 'class'
        ? namedClassScorer(task, cases, table)
        : classScorer(task, cases, table);
    case 'dice':
      return segmentationScorer(task, conventions);
  }
}
