import { HecktorError } from '@hecktor/errors';

/** One patient's outcome and prediction. */
export interface SurvivalCase {
  /** Days to recurrence or to the last visit. */
  readonly time: number;
  /** True when recurrence was seen, false when the patient was censored. */
  readonly event: boolean;
  /** Predicted risk: higher means earlier recurrence. */
  readonly risk: number;
}

/**
 * Harrell's concordance index of risk and recurrence-free survival: the share of comparable pairs
 * in which the patient with the higher risk had the earlier event, ties in risk counting 1/2.
 * Pairs of equal times are comparable only when exactly one had the event. Equal to lifelines'
 * `concordance_index(time, -risk, event)`.
 *
 * @param whenMissing What to do with a NaN as risk: `error`, as lifelines does, or `half`, which
 * counts its pairs 1/2 as the challenge's evaluator of 2021 does.
 * @throws HecktorError INVALID_ARGUMENT for a value that is not finite, or without any comparable
 * pair.
 */
export function concordanceIndex(
  cases: readonly SurvivalCase[],
  whenMissing: 'error' | 'half' = 'error',
): number {
  for (const { time, risk } of cases) {
    if (Number.isFinite(time) && (Number.isFinite(risk) || whenMissing === 'half')) continue;
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: 'concordance index: expected finite times and risks',
    });
  }
  let pairs = 0;
  let concordant = 0;
  for (const earlier of cases) {
    if (!earlier.event) continue;
    for (const later of cases) {
      const comparable = earlier.time < later.time || (earlier.time === later.time && !later.event);
      if (!comparable) continue;
      pairs++;
      if (earlier.risk > later.risk) concordant++;
      else if (!(earlier.risk < later.risk)) concordant += 0.5;
    }
  }
  if (pairs === 0) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: 'concordance index: no two patients can be compared',
      cause: 'too few patients, or none with an event before the others were censored',
      fix: 'score a larger set',
    });
  }
  return concordant / pairs;
}
