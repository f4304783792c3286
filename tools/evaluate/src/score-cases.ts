import type { Answer, Answers, CaseScore, CohortCase } from '@hecktor/cohort';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import type { Conventions } from './conventions.ts';

/** What a prediction is worth for one patient, and what a reader has to know of it. */
export type Judged = Pick<CaseScore, 'labels' | 'survival' | 'classification' | 'namedClass'> & {
  readonly warnings?: readonly string[];
};

/** How the predictions of a task are compared with the truth. */
export interface CaseScorer<Truth = unknown> {
  /** Throws a HecktorError for a truth that cannot be used. */
  truth(one: CohortCase): Promise<Truth> | Truth;
  /** Throws a HecktorError for an answer that cannot be compared. */
  compare(truth: Truth, answer: Answer): Promise<Judged> | Judged;
  /** What no answer is worth. */
  missing(truth: Truth): Judged;
}

/**
 * Scores the patients of a set one by one. A prediction that is missing or cannot be compared makes
 * a failed row, which counts as the conventions say.
 *
 * @throws HecktorError PREDICTION_MISSING where these refuse it.
 */
export async function scoreCases<Truth>(
  cases: readonly CohortCase[],
  answers: Answers,
  scorer: CaseScorer<Truth>,
  missing: Conventions['missing'],
): Promise<{ readonly rows: readonly CaseScore[]; readonly warnings: readonly string[] }> {
  const rows: CaseScore[] = [];
  const warnings: string[] = [];
  for (const one of cases) {
    const { warnings: more = [], ...row } = await scoreCase(one, answers, scorer, missing);
    rows.push(row);
    warnings.push(...more);
  }
  return { rows, warnings };
}

async function scoreCase<Truth>(
  one: CohortCase,
  answers: Answers,
  scorer: CaseScorer<Truth>,
  missing: Conventions['missing'],
): Promise<CaseScore & { readonly warnings?: readonly string[] }> {
  const row = { id: one.id, centre: centreOf(one) };
  let truth: Truth | undefined;
  let error: string;
  try {
    truth = await scorer.truth(one);
    const answer = answers.of(one.id);
    if (!('failure' in answer)) {
      return { ...row, status: 'scored', ...(await scorer.compare(truth, answer)) };
    }
    error = answer.failure;
  } catch (thrown) {
    if (!isHecktorError(thrown)) throw thrown;
    error = thrown.message;
  }
  if (missing === 'refuse') {
    throw new HecktorError('PREDICTION_MISSING', { detail: `${one.id}: ${error}` });
  }
  // Without a truth there is nothing that could be counted.
  const counted = missing === 'count' && truth !== undefined ? scorer.missing(truth) : {};
  return { ...row, status: 'failed', error, ...counted };
}

/** The centre of a patient: the table's, or what the ids of the training set begin with. */
function centreOf({ id, row }: CohortCase): string {
  const named = row['CenterID'] ?? '';
  return named === '' ? (/^([A-Za-z]+)-/.exec(id)?.[1] ?? '') : named;
}
