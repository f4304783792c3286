import { HecktorError } from '@hecktor/errors';
import {
  balancedAccuracy,
  confusionMatrix,
  f1Score,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from '@hecktor/metrics';
import type { CohortCase } from './cohort.ts';
import { describeScore, scoreWithInterval, type Scored } from './report.ts';

export interface HpvCase {
  readonly id: string;
  readonly truth: boolean;
  readonly answer: boolean;
}

const WORDS = new Map([
  ['1', true],
  ['1.0', true],
  ['true', true],
  ['0', false],
  ['0.0', false],
  ['false', false],
]);

/**
 * The class of a patient: 0 or 1 in a column such as `HPV Status`.
 *
 * @throws HecktorError COHORT_INVALID for anything else.
 */
export function hpvOf(one: CohortCase, table: string, column: string): boolean {
  const value = WORDS.get((one.row[column] ?? '').toLowerCase());
  if (value !== undefined) return value;
  throw new HecktorError('COHORT_INVALID', {
    file: table,
    detail: `patient ${one.id}: expected ${column} 0 or 1`,
  });
}

export function scoreHpv(patients: readonly HpvCase[]): Scored {
  const of = (score: (matrix: ConfusionMatrix) => number) => (sample: readonly HpvCase[]) =>
    score(confusionOf(sample));
  const matrix = confusionOf(patients);
  const balanced = scoreWithInterval('balanced accuracy', patients, of(balancedAccuracy));
  const warnings: string[] = [];
  if (patients.length > 1 && new Set(patients.map(({ answer }) => answer)).size === 1) {
    warnings.push(`every answer is the same, of ${patients.length} patients`);
  }
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
