import { MARGIN, type AxisZoom } from './zoom-axis.ts';
import { LANES, readLanes, zoomLanes, type Range } from './zoom-lines.ts';

/** Lines in an array: sample k of line i is `data[i * across + k * step]`. */
interface Layout {
  readonly data: Float32Array;
  readonly across: number;
  readonly step: number;
}

/** Zooms rows along their own axis. */
export function zoomRows(
  data: Float32Array,
  axis: AxisZoom,
  range: Range,
  out: Float32Array,
): void {
  const { from, to } = axis;
  const target = { data: out, across: to, step: 1 };
  zoomAll({ data, across: from, step: 1 }, data.length / from, axis, range, target);
}

/** Zooms across rows, or slices, of `area` values. */
export function zoomAcross(
  data: Float32Array,
  area: number,
  axis: AxisZoom,
  range: Range,
  out: Float32Array,
): void {
  const target = { data: out, across: 1, step: area };
  zoomAll({ data, across: 1, step: area }, area, axis, range, target);
}

function zoomAll(from: Layout, count: number, axis: AxisZoom, range: Range, to: Layout): void {
  const lanes = new Float64Array(LANES * (axis.from + 2 * MARGIN));
  const source = { ...from, starts: new Int32Array(LANES) };
  const target = { ...to, starts: new Int32Array(LANES) };
  for (let first = 0; first < count; first += LANES) {
    for (let lane = 0; lane < LANES; lane++) {
      // Of fewer lines than lanes the last one is worked out again.
      const line = Math.min(first + lane, count - 1);
      source.starts[lane] = line * from.across;
      target.starts[lane] = line * to.across;
    }
    readLanes(source, lanes);
    zoomLanes(lanes, axis, range, target);
  }
}
