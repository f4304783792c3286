import { HecktorError } from '@hecktor/errors';
import { percentileOfSorted } from './percentile.ts';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** Number of resamples, >= 1000; 1000 when absent. */
  readonly resamples?: number;
  /** Whole number that the random draws start from; 1 when absent. */
  readonly seed?: number;
  /** Probability that the interval is to cover, 0 to 1; 0.95 when absent. */
  readonly level?: number;
}

/** A percentile interval of a score. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Resamples that gave a number; a score may be undefined on others. */
  readonly resamples: number;
}

/**
 * The percentile interval of a score under a bootstrap over patients, the same for a seed.
 *
 * @param patients One entry per patient, whatever `score` takes.
 * @param score Called with as many patients as there are, drawn with replacement. Resamples for
 * which it throws a HecktorError or gives NaN are left out.
 * @throws HecktorError INVALID_ARGUMENT without patients or for fewer than 1000 resamples.
 */
export function bootstrapInterval<T>(
  patients: readonly T[],
  score: (sample: readonly T[]) => number,
  options: BootstrapOptions = {},
): Interval {
  const { resamples = 1000, seed = 1, level = 0.95 } = options;
  if (patients.length === 0 || !(resamples >= 1000) || !(level > 0 && level < 1)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail:
        'bootstrap: expected patients, at least 1000 resamples and a level between 0 and 1, ' +
        `got ${patients.length}, ${resamples} and ${level}`,
    });
  }
  const random = splitMix32(seed);
  const scores: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const sample = patients.map(() => patients[Math.floor(random() * patients.length)]!);
    const value = scoreOrNaN(score, sample);
    if (!Number.isNaN(value)) scores.push(value);
  }
  scores.sort((a, b) => a - b);
  const tail = ((1 - level) / 2) * 100;
  return {
    low: percentileOfSorted(scores, tail),
    high: percentileOfSorted(scores, 100 - tail),
    resamples: scores.length,
  };
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
