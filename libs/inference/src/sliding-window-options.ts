import { HecktorError } from '@hecktor/errors';
import type { BlendOptions } from './importance-map.ts';
import type { Triple } from './predictor.ts';

/** Options of {@link slidingWindowInference}; all but the callbacks are part of a recipe. */
export interface SlidingWindowOptions extends BlendOptions {
  /** Window size along the tensor's spatial axes, each >= 1. */
  readonly roi: Triple;
  /** Share of a window that its neighbour covers too, 0 <= overlap < 1, per axis or for all. */
  readonly overlap: number | Triple;
  /** How many windows the predictor gets at once, >= 1. Memory grows with it. */
  readonly windowsPerBatch: number;
  /** Called after each batch with the fraction of windows that are done. */
  readonly onProgress?: (fraction: number) => void;
  /** Stops before the next batch when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Throws unless the options can be carried out.
 *
 * @throws HecktorError INVALID_ARGUMENT naming the option, what it may be and what it is.
 */
export function assertSlidingWindowOptions(options: SlidingWindowOptions): void {
  const expect = (ok: boolean, name: string, expected: string, got: unknown): void => {
    if (ok) return;
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `${name}: expected ${expected}, got ${JSON.stringify(got)}`,
    });
  };
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  const { roi, overlap, windowsPerBatch, blend, sigmaScale } = options;
  expect(roi.length === 3 && roi.every(isCount), 'roi', 'three whole numbers >= 1', roi);
  expect(
    triple(overlap).every((o) => o >= 0 && o < 1),
    'overlap',
    'numbers from 0 to below 1',
    overlap,
  );
  expect(isCount(windowsPerBatch), 'windowsPerBatch', 'a whole number >= 1', windowsPerBatch);
  expect(['gaussian', 'constant'].includes(blend), 'blend', "'gaussian' or 'constant'", blend);
  expect(
    triple(sigmaScale).every((s) => s > 0 && Number.isFinite(s)),
    'sigmaScale',
    'numbers above 0',
    sigmaScale,
  );
}

/** One value for all axes, or one per axis, as one per axis. */
export function triple(value: number | Triple): Triple {
  return typeof value === 'number' ? [value, value, value] : value;
}
