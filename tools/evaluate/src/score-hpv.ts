import type { CohortCase } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import {
  balancedAccuracy,
  confusionMatrix,
  f1Score,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from '@hecktor/metrics';
import { describeScore, sameAnswerWarning, scoreWithInterval } from './report.ts';
import type { Scored, Scorer } from './report.ts';
import { readAnswer } from './run-case.ts';
import type { ScoredTask } from './tasks.ts';

interface HpvCase {
  readonly id: string;
  readonly truth: boolean;
  readonly answer: boolean;
}

/** Scores the classes of patients: 0 or 1 in a column such as `HPV Status`. */
export function hpvScorer(
  { evaluation }: ScoredTask,
  cases: readonly CohortCase[],
  table: string,
): Scorer<HpvCase> {
  const [column = ''] = evaluation.columns;
  const truthOf = (one: CohortCase): boolean => hpvOf(one, table, column);
  cases.forEach(truthOf);
  return {
    read: (path, one) => ({
      id: one.id,
      truth: truthOf(one),
      answer: readAnswer(path, 'boolean', isBoolean),
    }),
    score: scoreHpv,
  };
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** @throws HecktorError COHORT_INVALID */
function hpvOf(one: CohortCase, table: string, column: string): boolean {
  const word = (one.row[column] ?? '').toLowerCase();
  if (['1', '1.0', 'true'].includes(word)) return true;
  if (['0', '0.0', 'false'].includes(word)) return false;
  const detail = `patient ${one.id}: expected ${column} 0 or 1`;
  throw new HecktorError('COHORT_INVALID', { file: table, detail });
}

function scoreHpv(patients: readonly HpvCase[]): Scored {
  const of = (score: (matrix: ConfusionMatrix) => number) => (sample: readonly HpvCase[]) =>
    score(confusionOf(sample));
  const matrix = confusionOf(patients);
  const balanced = scoreWithInterval('balanced accuracy', patients, of(balancedAccuracy));
  const answers = patients.map(({ answer }) => answer);
  const warnings = patients.length > 1 ? sameAnswerWarning(answers) : [];
  if (new Set(patients.map(({ truth }) => truth)).size < 2) {
    warnings.push('all patients have the same HPV status: balanced accuracy tells half the story');
  } else if (balanced.interval.high < 0.5) {
    warnings.push(
      `worse than chance: balanced accuracy ${describeScore(balanced)}; is the positive class of ` +
        'the recipe the right one?',
    );
  } else if (balanced.interval.low <= 0.5) {
    warnings.push(`not better than chance for sure: ${describeScore(balanced)} holds 0.5`);
  }
  return {
    scores: [
      balanced,
      scoreWithInterval('sensitivity', patients, of(sensitivity)),
      scoreWithInterval('specificity', patients, of(specificity)),
      scoreWithInterval('F1', patients, of(f1Score)),
    ],
    facts: {
      'true positives': matrix.truePositives,
      'false negatives': matrix.falseNegatives,
      'false positives': matrix.falsePositives,
      'true negatives': matrix.trueNegatives,
    },
    patients: patients.map((patient) => ({ ...patient })),
    warnings,
  };
}

function confusionOf(patients: readonly HpvCase[]): ConfusionMatrix {
  return confusionMatrix(
    patients.map(({ truth }) => truth),
    patients.map(({ answer }) => answer),
  );
}
