import { HecktorError } from '@hecktor/errors';
import type { NumericVoxelArray } from '@hecktor/volume';
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
 * that a large common offset does not cancel. They are the same to the last bit however the image is
 * cut into slabs.
 *
 * @throws HecktorError IMAGE_NOT_FINITE when they are not finite.
 */
export async function momentsOf(
  image: LazyImage,
  { nonzero }: { readonly nonzero: boolean },
  engine: Engine,
): Promise<Moments> {
  let sums: Sums = {
    shift: NaN,
    count: 0,
    even: 0,
    odd: 0,
    evenSquares: 0,
    oddSquares: 0,
    rest: [],
  };
  await visitSlabs(image, engine, (values) => {
    sums = addSums(sums, values, nonzero);
  });
  const { shift, count, even, odd, evenSquares, oddSquares, rest } = sums;
  const [last = 0] = rest;
  const sum = even + odd + last;
  const squares = evenSquares + oddSquares + last * last;
  if (count === 0) return { count, mean: 0, squares: 0 };
  const mean = shift + sum / count;
  if (!Number.isFinite(mean) || !Number.isFinite(squares)) {
    throw new HecktorError('IMAGE_NOT_FINITE', {
      detail: `the image "${image.name}" holds NaN or infinite values, or values too large to square`,
    });
  }
  return { count, mean, squares: Math.max(squares - (sum * sum) / count, 0) };
}

/** The moments, in double precision, of the values where a mask is not 0. */
export function momentsWithin(values: Float32Array, mask: NumericVoxelArray): Moments {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask[i] === 0) continue;
    count++;
    sum += values[i]!;
  }
  if (count === 0) return { count, mean: 0, squares: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask[i] !== 0) squares += (values[i]! - mean) * (values[i]! - mean);
  }
  return { count, mean, squares };
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

/** Deviations and their squares, every other one by itself, so that additions need not wait for each other. */
interface Sums {
  readonly shift: number;
  readonly count: number;
  readonly even: number;
  readonly odd: number;
  readonly evenSquares: number;
  readonly oddSquares: number;
  /** The last deviation while the one that makes a pair with it is not there yet. */
  readonly rest: readonly number[];
}

/** Functions of their own: variables that a callback captures are several times slower. */
function addSums(before: Sums, values: Float32Array, nonzero: boolean): Sums {
  if (!nonzero) return addAll(before, values);
  let { shift, count, even: sum, evenSquares: squares } = before;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v === 0) continue;
    if (count === 0) shift = v;
    count++;
    const d = v - shift;
    sum += d;
    squares += d * d;
  }
  return { ...before, shift, count, even: sum, evenSquares: squares };
}

function addAll(before: Sums, values: Float32Array): Sums {
  const shift = before.count === 0 ? (values[0] ?? NaN) : before.shift;
  let { even: a, evenSquares: aa, odd: b, oddSquares: bb } = before;
  const [first] = before.rest;
  if (first !== undefined) {
    const e = values[0]! - shift;
    a += first;
    aa += first * first;
    b += e;
    bb += e * e;
  }
  const start = first === undefined ? 0 : 1;
  const end = values.length - ((values.length - start) % 2);
  for (let i = start; i < end; i += 2) {
    const d = values[i]! - shift;
    const e = values[i + 1]! - shift;
    a += d;
    aa += d * d;
    b += e;
    bb += e * e;
  }
  const count = before.count + values.length;
  const rest = end < values.length ? [values[end]! - shift] : [];
  return { shift, count, even: a, odd: b, evenSquares: aa, oddSquares: bb, rest };
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
