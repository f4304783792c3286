/** A direction matrix as NIfTI's qform holds it. */
export interface QformRotation {
  /** b, c, d of the unit quaternion whose a = sqrt(1 - b² - c² - d²) is not negative. */
  readonly quaternion: readonly [b: number, c: number, d: number];
  /** -1 when the third column must be negated to make the matrix a rotation. */
  readonly handedness: 1 | -1;
}

/** Decomposes a row-major orthonormal 3x3 matrix; improper ones through `handedness`. */
export function quaternionOf(matrix: readonly number[]): QformRotation {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = matrix as [
    number, number, number, number, number, number, number, number, number,
  ]; // prettier-ignore
  const determinant =
    m0 * (m4 * m8 - m5 * m7) - m1 * (m3 * m8 - m5 * m6) + m2 * (m3 * m7 - m4 * m6);
  const handedness = determinant < 0 ? -1 : 1;
  const [r02, r12, r22] = [m2 * handedness, m5 * handedness, m8 * handedness];
  // Four times the squares of a, b, c, d; the largest is the safe one to divide by.
  const squares = [1 + m0 + m4 + r22, 1 + m0 - m4 - r22, 1 - m0 + m4 - r22, 1 - m0 - m4 + r22];
  const largest = squares.indexOf(Math.max(...squares));
  const root = Math.sqrt(Math.max(squares[largest]!, 0)) / 2;
  const quarter = 0.25 / root;
  const [ab, ac, ad] = [(m7 - r12) * quarter, (r02 - m6) * quarter, (m3 - m1) * quarter];
  const [bc, bd, cd] = [(m1 + m3) * quarter, (r02 + m6) * quarter, (r12 + m7) * quarter];
  const [a, b, c, d] = [
    [root, ab, ac, ad],
    [ab, root, bc, bd],
    [ac, bc, root, cd],
    [ad, bd, cd, root],
  ][largest] as [number, number, number, number];
  const sign = a < 0 ? -1 : 1;
  return { quaternion: [b * sign, c * sign, d * sign], handedness };
}
