import type { CaseScore, Score } from '@hecktor/cohort';
import { classesOf, namedClassesOf, survivalOf } from './scores.ts';
import type { ScoredTask } from './tasks.ts';
import { describeScore } from './text.ts';

/** What a reader of the scores must not overlook. */
export function warningsOf(
  { evaluation, output }: ScoredTask,
  [main]: readonly Score[],
  rows: readonly CaseScore[],
): string[] {
  if (main === undefined || Number.isNaN(main.value)) return [];
  switch (evaluation.metric) {
    case 'dice':
      return emptyWarnings(rows);
    case 'concordance-index':
      return directionWarnings(main, rows);
    case 'balanced-accuracy':
      if (output.kind === 'class') {
        return sameAnswer(namedClassesOf(rows).map(({ prediction }) => prediction));
      }
      return classWarnings(main, rows);
  }
}

/** Says when all answers are the same; `more` goes behind it. */
function sameAnswer(answers: readonly unknown[], more = ''): string[] {
  if (answers.length < 2 || new Set(answers).size > 1) return [];
  return [`every answer is the same, of ${answers.length} patients${more}`];
}

function emptyWarnings(rows: readonly CaseScore[]): string[] {
  const segmented = rows.filter(({ status }) => status === 'scored');
  const isEmpty = segmented.every(({ labels = {} }) =>
    Object.values(labels).every(({ predictedVolume }) => predictedVolume === 0),
  );
  if (!isEmpty || segmented.length === 0) return [];
  return [`every answer is the same, of ${segmented.length} patients: an empty mask`];
}

/** Says when the risk orders patients worse than chance, or not better. */
function directionWarnings(score: Score, rows: readonly CaseScore[]): string[] {
  const risks = survivalOf(rows).flatMap(({ risk }) => (Number.isNaN(risk) ? [] : [risk]));
  const same = sameAnswer(risks, ': the C-index says nothing');
  if (same.length > 0) return same;
  const { value, interval } = score;
  const told = `C-index ${describeScore(score)}`;
  if (value < 0.5 && interval.high < 0.5) {
    return [`the direction is inverted: ${told} is below 0.5, and so is the whole interval`];
  }
  if (value < 0.5) {
    return [
      `the direction may be inverted: ${told} is below 0.5, but the interval holds 0.5; ` +
        'score more patients to be sure',
    ];
  }
  if (interval.low <= 0.5) return [`not better than chance for sure: ${told} holds 0.5`];
  return [];
}

function classWarnings(balanced: Score, rows: readonly CaseScore[]): string[] {
  const classes = classesOf(rows);
  const answers = classes.flatMap(({ prediction }) =>
    prediction === undefined ? [] : [prediction],
  );
  const warnings = sameAnswer(answers);
  if (new Set(classes.map(({ truth }) => truth)).size < 2) {
    warnings.push('all patients are of the same class: balanced accuracy tells half the story');
  } else if (balanced.interval.high < 0.5) {
    warnings.push(
      `worse than chance: balanced accuracy ${describeScore(balanced)}; is the positive class of ` +
        'the recipe the right one?',
    );
  } else if (balanced.interval.low <= 0.5) {
    warnings.push(`not better than chance for sure: ${describeScore(balanced)} holds 0.5`);
  }
  return warnings;
}
