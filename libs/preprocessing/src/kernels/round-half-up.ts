/**
 * The nearest integer, halves up, computed as ITK does on x86-64: half of the even-rounded
 * `2 x + 0.5`, rounded down.
 */
export function roundHalfUp(x: number): number {
  const t = 2 * x + 0.5;
  const floor = Math.floor(t);
  const rest = t - floor;
  const even = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Math.floor(even / 2);
}
