import { HecktorError } from '@hecktor/errors';
import type { Engine } from './engine.ts';
import { visitSlabs, type LazyImage } from './lazy-image.ts';

/** Count, mean and sum of squared deviations. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

/**
 * The moments of an image's values, in double precision: of deviations from the first value, so
 * that a large common offset does not cancel.
 *
 * @throws HecktorError IMAGE_NOT_FINITE when they are not finite.
 */
export async function momentsOf(
  image: LazyImage,
  { nonzero }: { readonly nonzero: boolean },
  engine: Engine,
): Promise<Moments> {
  let sums: Sums = { shift: NaN, count: 0, sum: 0, squares: 0 };
  await visitSlabs(image, engine, (values) => {
    sums = addSums(sums, values, nonzero);
  });
  const { shift, count, sum, squares } = sums;
  if (count === 0) return { count, mean: 0, squares: 0 };
  const mean = shift + sum / count;
  if (!Number.isFinite(mean) || !Number.isFinite(squares)) {
    throw new HecktorError('IMAGE_NOT_FINITE', {
      detail: `the image "${image.name}" holds NaN or infinite values, or values too large to square`,
    });
  }
  return { count, mean, squares: Math.max(squares - (sum * sum) / count, 0) };
}

function widen(range: readonly [number, number], values: Float32Array): [number, number] {
  let [low, high] = range;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}

interface Sums {
  readonly shift: number;
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** A function of its own: variables that a callback captures are several times slower. */
function addSums(before: Sums, values: Float32Array, nonzero: boolean): Sums {
  let { shift, count, sum, squares } = before;
  let i = 0;
  if (count === 0) {
    while (i < values.length && nonzero && values[i] === 0) i++;
    if (i === values.length) return before;
    shift = values[i]!;
  }
  // Two sums in turn, so that additions need not wait for each other.
  let [otherSum, otherSquares] = [0, 0];
  for (; i + 1 < values.length; i += 2) {
    const [v, w] = [values[i]!, values[i + 1]!];
    const d = nonzero && v === 0 ? 0 : v - shift;
    const e = nonzero && w === 0 ? 0 : w - shift;
    count += nonzero ? (v === 0 ? 0 : 1) + (w === 0 ? 0 : 1) : 2;
    sum += d;
    otherSum += e;
    squares += d * d;
    otherSquares += e * e;
  }
  if (i < values.length && !(nonzero && values[i] === 0)) {
    const d = values[i]! - shift;
    count++;
    sum += d;
    squares += d * d;
  }
  return { shift, count, sum: sum + otherSum, squares: squares + otherSquares };
}

/** The lowest and the highest value of an image. */
export async function rangeOf(
  image: LazyImage,
  engine: Engine,
): Promise<{ low: number; high: number }> {
  let low = Infinity;
  let high = -Infinity;
  await visitSlabs(image, engine, (values) => {
    [low, high] = widen([low, high], values);
  });
  return { low, high };
}

/**
 * The lowest float32 value whose float32 z-score `(v - mean) / divisor` lies above a limit, or
 * Infinity when none does. The score never falls as v rises, so that comparing with this value is
 * the same as computing the score.
 */
export function lowestAbove(mean: number, divisor: number, limit: number): number {
  const centre = Math.fround(mean);
  const width = Math.fround(divisor);
  const isAbove = (v: number): boolean => Math.fround(Math.fround(v - centre) / width) > limit;
  const bits = new Int32Array(1);
  const value = new Float32Array(bits.buffer);
  // Integers in the order of the float32 values they stand for.
  const toFloat = (order: number): number => {
    bits[0] = order >= 0 ? order : order ^ 0x7fffffff;
    return value[0]!;
  };
  let below = -0x7f800000;
  let above = 0x7f800000;
  if (!isAbove(toFloat(above - 1))) return Infinity;
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (isAbove(toFloat(middle))) above = middle;
    else below = middle;
  }
  return toFloat(above);
}
