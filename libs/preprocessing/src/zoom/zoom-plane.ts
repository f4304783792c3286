import { zoomLines, type AxisZoom } from './zoom-axis.ts';

/** Rows that are zoomed together, interwoven, so that they do not wait for each other. */
const ROWS = 8;

/** Zooms a plane along x, its fast axis, and y; the result is overwritten by the next one. */
export type PlaneZoom = (plane: Float64Array) => Float64Array;

/** Makes the memory and the function for planes of `width` x `height` samples. */
export function planeZoom(
  [width, height]: readonly [number, number],
  x: AxisZoom | null,
  y: AxisZoom | null,
): PlaneZoom {
  const across = x?.to ?? width;
  const margin = y?.margin ?? 0;
  const rows = new Float64Array(across * (height + 2 * margin));
  const out = y === null ? rows : new Float64Array(across * y.to);
  const alongX = x === null ? null : rowZoom(x, height);
  return (plane) => {
    if (alongX === null) rows.set(plane, margin * across);
    else alongX(plane, rows, margin * across);
    if (y !== null) zoomLines(rows, across, y, out);
    return out;
  };
}

/** Zooms `height` rows and writes them one after the other, from `start` on. */
function rowZoom(x: AxisZoom, height: number) {
  const { from, to, margin } = x;
  const woven = new Float64Array(ROWS * (from + 2 * margin));
  const zoomed = new Float64Array(ROWS * to);
  return (plane: Float64Array, out: Float64Array, start: number): void => {
    for (let y = 0; y < height; y += ROWS) {
      const rows = Math.min(ROWS, height - y);
      for (let n = 0; n < rows; n++) {
        const row = (y + n) * from;
        for (let i = 0, at = margin * ROWS + n; i < from; i++, at += ROWS) {
          woven[at] = plane[row + i]!;
        }
      }
      zoomLines(woven, ROWS, x, zoomed);
      for (let n = 0; n < rows; n++) {
        const row = start + (y + n) * to;
        for (let i = 0, at = n; i < to; i++, at += ROWS) out[row + i] = zoomed[at]!;
      }
    }
  };
}
