import { HecktorError } from '@hecktor/errors';
import { percentileOfSorted } from './percentile.ts';

/** Options of a bootstrap over patients. */
export interface BootstrapOptions {
  /** Number of resamples, >= 1000; 1000 when absent. */
  readonly resamples?: number;
  /** Whole number that the random draws start from; 1 when absent. */
  readonly seed?: number;
}

/** A 95 % percentile interval of a score. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Resamples that gave a number; a score may be undefined on others. */
  readonly resamples: number;
}

/** What a paired bootstrap says of the difference of two scores. */
export interface Difference extends Interval {
  /**
   * Two-sided p of no difference: twice the share of resamples on the rarer side of 0, those at 0
   * counting on both sides, by (n + 1) / (resamples + 1) so that it is never 0.
   */
  readonly p: number;
}

/**
 * A score on as many patients as there are, drawn with replacement, time and again. The draws depend
 * on the number of patients and the seed alone: resample i of two runs over the same patients, in the
 * same order, holds the same patients, which is what makes a comparison paired.
 *
 * @param patients One entry per patient, whatever `score` takes.
 * @param score Called with each resample; where it throws a HecktorError the result is NaN.
 * @throws HecktorError INVALID_ARGUMENT without patients or for fewer than 1000 resamples.
 */
export function bootstrapScores<T>(
  patients: readonly T[],
  score: (sample: readonly T[]) => number,
  { resamples = 1000, seed = 1 }: BootstrapOptions = {},
): Float64Array {
  if (patients.length === 0 || !(resamples >= 1000)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail:
        'bootstrap: expected patients and at least 1000 resamples, ' +
        `got ${patients.length} and ${resamples}`,
    });
  }
  const random = splitMix32(seed);
  return Float64Array.from({ length: resamples }, () => {
    const sample = patients.map(() => patients[Math.floor(random() * patients.length)]!);
    return scoreOrNaN(score, sample);
  });
}

/** The 95 % percentile interval of resampled scores ({@link bootstrapScores}). */
export function percentileInterval(scores: Float64Array): Interval {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort();
  return {
    low: percentileOfSorted(sorted, 2.5),
    high: percentileOfSorted(sorted, 97.5),
    resamples: sorted.length,
  };
}

/** The percentile interval of a score, the same for a seed; see {@link bootstrapScores}. */
export function bootstrapInterval<T>(
  patients: readonly T[],
  score: (sample: readonly T[]) => number,
  options?: BootstrapOptions,
): Interval {
  return percentileInterval(bootstrapScores(patients, score, options));
}

/** Compares the resampled scores of two runs over the same patients, `b - a`. */
export function pairedDifference(a: Float64Array, b: Float64Array): Difference {
  const differences = b.map((score, i) => score - a[i]!);
  const interval = percentileInterval(differences);
  const count = (is: (difference: number) => boolean): number => differences.filter(is).length;
  const rarer = Math.min(
    count((difference) => difference <= 0),
    count((difference) => difference >= 0),
  );
  return { ...interval, p: Math.min(1, (2 * (rarer + 1)) / (interval.resamples + 1)) };
}

function scoreOrNaN<T>(score: (sample: readonly T[]) => number, sample: readonly T[]): number {
  try {
    return score(sample);
  } catch (error) {
    if (error instanceof HecktorError) return Number.NaN;
    throw error;
  }
}

/** Random numbers in [0, 1) from a 32-bit state (SplitMix32). */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
