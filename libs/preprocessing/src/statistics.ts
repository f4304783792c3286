import { HecktorError } from '@hecktor/errors';

/** Count, mean and sum of squared deviations. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

/**
 * Combines the moments of slices, in order, by the pairwise update of Chan, Golub and LeVeque.
 *
 * @throws HecktorError IMAGE_NOT_FINITE when they are not finite.
 */
export function combineMoments(slots: Float64Array, image: string): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < slots.length; i += 3) {
    const n = slots[i]!;
    if (n === 0) continue;
    const total = count + n;
    const delta = slots[i + 1]! - mean;
    mean += (delta * n) / total;
    squares += slots[i + 2]! + (delta * delta * count * n) / total;
    count = total;
  }
  if (!Number.isFinite(mean) || !Number.isFinite(squares)) {
    throw new HecktorError('IMAGE_NOT_FINITE', {
      detail: `the image "${image}" holds NaN or infinite values, or values too large to square`,
    });
  }
  return { count, mean, squares };
}
