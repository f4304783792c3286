import { MARGIN, type AxisZoom } from './zoom-axis.ts';
import { LANES, zoomLines, type Range } from './zoom-lines.ts';

/** Where the samples of lines lie: sample k of line i at `i * across + k * along`. */
interface Layout {
  readonly across: number;
  readonly along: number;
}

/** Zooms rows along their own axis. */
export function zoomRows(
  data: Float32Array,
  axis: AxisZoom,
  range: Range,
  out: Float32Array,
): void {
  const layout = (length: number): Layout => ({ across: length, along: 1 });
  const count = data.length / axis.from;
  zoomAll({ data, ...layout(axis.from) }, count, axis, range, { data: out, ...layout(axis.to) });
}

/** Zooms across rows, or slices, of `area` values. */
export function zoomAcross(
  data: Float32Array,
  area: number,
  axis: AxisZoom,
  range: Range,
  out: Float32Array,
): void {
  const layout: Layout = { across: 1, along: area };
  zoomAll({ data, ...layout }, area, axis, range, { data: out, ...layout });
}

type Lines = Layout & { readonly data: Float32Array };

function zoomAll(source: Lines, count: number, axis: AxisZoom, range: Range, target: Lines): void {
  const lines = new Float64Array(LANES * (axis.from + 2 * MARGIN));
  const zoomed = new Float32Array(LANES * axis.to);
  for (let first = 0; first < count; first += LANES) {
    // Of fewer lines than lanes the last one is worked out again.
    const lanes = Array.from({ length: LANES }, (_, i) => Math.min(first + i, count - 1));
    gather(source, lanes, lines);
    zoomLines(lines, axis, range, zoomed);
    scatter(zoomed, target, lanes);
  }
}

/** Reads a line into each lane, and repeats their outer samples in the margins. */
function gather({ data, across, along }: Lines, of: readonly number[], lines: Float64Array): void {
  const [a, b, c, d] = [of[0]! * across, of[1]! * across, of[2]! * across, of[3]! * across];
  const [e, f, g, h] = [of[4]! * across, of[5]! * across, of[6]! * across, of[7]! * across];
  const [start, end] = [MARGIN * LANES, lines.length - MARGIN * LANES];
  for (let at = start, k = 0; at < end; at += LANES, k += along) {
    lines[at] = data[a + k]!;
    lines[at + 1] = data[b + k]!;
    lines[at + 2] = data[c + k]!;
    lines[at + 3] = data[d + k]!;
    lines[at + 4] = data[e + k]!;
    lines[at + 5] = data[f + k]!;
    lines[at + 6] = data[g + k]!;
    lines[at + 7] = data[h + k]!;
  }
  for (let k = 0; k < MARGIN; k++) {
    lines.copyWithin(k * LANES, start, start + LANES);
    lines.copyWithin(end + k * LANES, end - LANES, end);
  }
}

function scatter(
  zoomed: Float32Array,
  { data, across, along }: Lines,
  of: readonly number[],
): void {
  const [a, b, c, d] = [of[0]! * across, of[1]! * across, of[2]! * across, of[3]! * across];
  const [e, f, g, h] = [of[4]! * across, of[5]! * across, of[6]! * across, of[7]! * across];
  for (let at = 0, k = 0; at < zoomed.length; at += LANES, k += along) {
    data[a + k] = zoomed[at]!;
    data[b + k] = zoomed[at + 1]!;
    data[c + k] = zoomed[at + 2]!;
    data[d + k] = zoomed[at + 3]!;
    data[e + k] = zoomed[at + 4]!;
    data[f + k] = zoomed[at + 5]!;
    data[g + k] = zoomed[at + 6]!;
    data[h + k] = zoomed[at + 7]!;
  }
}
