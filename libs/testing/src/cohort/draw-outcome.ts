import { createRandom } from '../random.ts';

/** What decides how a synthetic patient fares. */
export interface Prognosis {
  /** Volume of primary and nodes together, ml. */
  readonly volume: number;
  /** Uptake of the hottest node, SUV; 0 without nodes. */
  readonly nodalUptake: number;
  readonly age: number;
  readonly hpv: boolean;
  readonly metastatic: boolean;
}

/** What became of a synthetic patient. */
export interface Outcome {
  /** Natural logarithm of the hazard relative to an average patient. */
  readonly logHazard: number;
  /** Recurrence-free survival, days: to recurrence or to the last visit. */
  readonly days: number;
  /** True: recurrence was seen. */
  readonly relapse: boolean;
}

const DAYS_PER_YEAR = 365.25;
/** Weibull shape: above 1, so that most recurrences come in the first years. */
const SHAPE = 1.3;
/** Weibull scale of a patient with a log hazard of 0. */
const SCALE_YEARS = 6;

/**
 * The log hazard: each doubling of the volume adds 1.2, 4 SUV more in the nodes 0.8, ten years of
 * age 0.6, metastases 0.8; HPV takes 1.2 off. Far stronger than in patients, so that a small network
 * can learn it from a few hundred.
 */
export function logHazard(patient: Prognosis): number {
  return (
    1.2 * Math.log2(patient.volume / 25) +
    0.8 * ((patient.nodalUptake - 8) / 4) +
    0.6 * ((patient.age - 60) / 10) +
    (patient.metastatic ? 0.8 : 0) -
    (patient.hpv ? 1.2 : 0)
  );
}

/**
 * Draws the outcome under a proportional-hazards Weibull model, so that the same hazard still means
 * very different times; the last visit is 1 to 9 years after treatment, whatever happens.
 */
export function drawOutcome(seed: number, patient: Prognosis): Outcome {
  const random = createRandom(seed ^ 0x0b_5e_55);
  const hazard = logHazard(patient);
  const luck = -Math.log(1 - random.next());
  const years = SCALE_YEARS * (luck / Math.exp(hazard)) ** (1 / SHAPE);
  const lastVisit = random.between(1, 9);
  return {
    logHazard: hazard,
    days: Math.max(1, Math.round(DAYS_PER_YEAR * Math.min(years, lastVisit))),
    relapse: years <= lastVisit,
  };
}
