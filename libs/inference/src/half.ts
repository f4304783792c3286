import { HecktorError } from '@hecktor/errors';

/** How sums are rounded; `float16` is what nnU-Net does. */
export type Arithmetic = 'float32' | 'float16';

/** Rounds the elements `from` to `to - 1` of an array in place. */
export type Rounding = (from: number, to: number) => void;

// Bits of float32 without their sign.
const SMALLEST_NORMAL = 0x38800000; // 2^-14: below it float16 has steps of 2^-24
const OVERFLOW = 0x477ff000; // 65520: from here on the nearest float16 is infinite
const INFINITE = 0x7f800000;

/**
 * Rounds float32 values to the nearest float16, ties to even, as `tensor.half().float()` does: what
 * is too large becomes infinite, NaN stays NaN.
 */
export function halfRounding(values: Float32Array): Rounding {
  const { buffer, byteOffset, length } = values;
  const bits = new Uint32Array(buffer, byteOffset, length);
  return (from, to) => {
    for (let i = from; i < to; i++) {
      const word = bits[i]!;
      const size = word & 0x7fffffff;
      if (size < SMALLEST_NORMAL) {
        // Between 0.5 and 1 float32 has the steps of small float16 values, so adding rounds them.
        values[i] = Math.fround(values[i]! + 0.75) - 0.75;
      } else if (size < OVERFLOW) {
        // Half a step of the 13 bits that go, less one unless that makes a tie even.
        bits[i] = (word + 0xfff + ((word >>> 13) & 1)) & 0xffffe000;
      } else if (size < INFINITE) bits[i] = (word & 0x80000000) | INFINITE;
    }
  };
}

/**
 * Throws where a sum was too large for float16.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID
 */
export function assertHalfHeld(values: Float32Array): void {
  if (!values.includes(Infinity) && !values.includes(-Infinity)) return;
  throw new HecktorError('MODEL_OUTPUT_INVALID', {
    detail: 'a sum of logits is beyond 65504, the largest number of float16',
    cause: 'logits too large for "arithmetic": "float16", in which nnU-Net stops here too',
    fix: 'write "arithmetic": "float32" into "inference" of the recipe',
  });
}
