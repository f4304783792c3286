const [A, B, C] = [Math.sqrt(3), Math.sqrt(7), Math.SQRT1_2];
const DB2 = [1 - A, 3 - A, 3 + A, 1 + A].map((value) => value / (4 * Math.SQRT2));

/** Low-pass filters of decomposition (Daubechies 1992, 6.4 and 8.2), as PyWavelets' `dec_lo`. */
export const WAVELETS: Readonly<
  Record<'coif1' | 'haar' | 'db1' | 'db2' | 'sym2', readonly number[]>
> = {
  coif1: [B - 3, 1 - B, 14 - 2 * B, 14 + 2 * B, 5 + B, 1 - B].map(
    (value) => value / (16 * Math.SQRT2),
  ),
  haar: [C, C],
  db1: [C, C],
  db2: DB2,
  sym2: DB2,
};
