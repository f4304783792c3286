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
