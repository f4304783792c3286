const [A, B, C] = [Math.sqrt(3), Math.sqrt(7), Math.SQRT1_2];
const DB2 = [1 - A, 3 - A, 3 + A, 1 + A].map((value) => value / (4 * Math.SQRT2));
const COIF1 = [B - 3, 1 - B, 14 - 2 * B, 14 + 2 * B, 5 + B, 1 - B].map(
  (v) => v / (16 * Math.SQRT2),
);

/** Low-pass filters of decomposition (Daubechies 1992, 6.4 and 8.2), as PyWavelets' `dec_lo`. */
const LOW_PASS = { coif1: COIF1, haar: [C, C], db1: [C, C], db2: DB2, sym2: DB2 } as const;

export type WaveletName = keyof typeof LOW_PASS;
export const WAVELET_NAMES = Object.keys(LOW_PASS) as WaveletName[];

/** The low-pass and the high-pass filter of a wavelet, in float64 or in PyWavelets' float32. */
export function waveletFilters(name: WaveletName, single: boolean): [Float64Array, Float64Array] {
  const { fround } = Math;
  const low = Float64Array.from(LOW_PASS[name], (value) => {
    if (!single) return value;
    // PyWavelets scales coiflets when it loads them, in that precision.
    return name === 'coif1'
      ? fround(fround(value / Math.SQRT2) * fround(Math.SQRT2))
      : fround(value);
  });
  const high = low.map((_, k) => (k % 2 === 0 ? -1 : 1) * low[low.length - 1 - k]!);
  return [low, high];
}
