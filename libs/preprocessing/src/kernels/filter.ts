import type { Vec3 } from '@hecktor/volume';
import { blendRows, TAPS } from './blend.ts';
import type {
  AxisReach,
  AxisTable,
  FilterColumnsJob,
  FilterSlicesJob,
  StridedSource,
} from './kernel-job.ts';
import { prefilterInPlace } from './prefilter.ts';

/** Lines along x that are filtered together, interwoven, so that they do not wait for each other. */
const LINES = 8;

/**
 * Runs a {@link FilterSlicesJob}. Operators along different axes commute, so that an axis which gets
 * shorter is filtered and evaluated at once, and the axes after it have less to do.
 */
export function filterSlices(job: FilterSlicesJob): void {
  const { source, block, reach, prefilter, status } = job;
  const [rx, ry] = reach;
  const rows = ry.to - ry.from;
  const count = rx.to - rx.from;
  const [width, height] = block.size;
  const line = new Float64Array(count);
  const woven = new Float64Array(LINES * count);
  const plane = new Float64Array(width * rows);
  const [placedX, placedY] = block.placed;
  const columns = voxels(block.lo[0], width, placedX, rx);
  const lines = voxels(block.lo[1], height, placedY, ry);
  for (let z = job.slices[0]; z < job.slices[1]; z++) {
    for (let y0 = 0; y0 < rows; y0 += LINES) {
      const together = Math.min(LINES, rows - y0);
      for (let n = 0; n < together; n++) {
        if (!readLine(source, [rx.from, ry.from + y0 + n, z], line)) status[0] = 1;
        for (let i = 0; i < count; i++) woven[i * LINES + n] = line[i]!;
      }
      if (prefilter) prefilterInPlace(woven, { offset: 0, stride: LINES, lines: LINES }, rx);
      const to = { start: y0 * width, width, lines: together };
      if (placedX === null) unweave(woven, columns, plane, to);
      else placeAlongX(woven, columns, placedX, plane, to);
    }
    if (prefilter) prefilterInPlace(plane, { offset: 0, stride: width, lines: width }, ry);
    const to = (z - block.lo[2]) * height * width;
    if (placedY === null) copyRows(plane, lines, width, block.data, to);
    else placeAlongY(plane, lines, placedY, width, block.data, to);
  }
}

/** Lines of output, one after the other. */
interface Lines {
  readonly start: number;
  readonly width: number;
  readonly lines: number;
}

function unweave(woven: Float64Array, columns: Int32Array, out: Float64Array, to: Lines): void {
  for (let n = 0; n < to.lines; n++) {
    const at = to.start + n * to.width;
    for (let i = 0; i < columns.length; i++) out[at + i] = woven[columns[i]! * LINES + n]!;
  }
}

function placeAlongX(
  woven: Float64Array,
  columns: Int32Array,
  { weights, from }: AxisTable,
  out: Float64Array,
  { start, width, lines }: Lines,
): void {
  for (let i = 0; i < width; i++) {
    const t = TAPS * i;
    const w = TAPS * (from + i);
    const [a, b, c, d] = [columns[t]!, columns[t + 1]!, columns[t + 2]!, columns[t + 3]!];
    const [wa, wb, wc, wd] = [weights[w]!, weights[w + 1]!, weights[w + 2]!, weights[w + 3]!];
    for (let n = 0; n < lines; n++) {
      out[start + n * width + i] =
        wa * woven[a * LINES + n]! +
        wb * woven[b * LINES + n]! +
        wc * woven[c * LINES + n]! +
        wd * woven[d * LINES + n]!;
    }
  }
}

function copyRows(
  plane: Float64Array,
  lines: Int32Array,
  width: number,
  out: Float64Array,
  start: number,
): void {
  for (let j = 0; j < lines.length; j++) {
    const from = lines[j]! * width;
    out.set(plane.subarray(from, from + width), start + j * width);
  }
}

function placeAlongY(
  plane: Float64Array,
  lines: Int32Array,
  { weights, from, to }: AxisTable,
  width: number,
  out: Float64Array,
  start: number,
): void {
  for (let j = 0; j < to - from; j++) {
    const rows = [0, 1, 2, 3].map((k) => lines[TAPS * j + k]! * width);
    blendRows(plane, rows, weights, TAPS * (from + j), out, [start + j * width, width]);
  }
}

/**
 * The positions in the filtered reach that make up each voxel of a block's axis, mirrored at the
 * border: one for each voxel, or four for each output position.
 */
function voxels(lo: number, size: number, placed: AxisTable | null, reach: AxisReach): Int32Array {
  const position = (voxel: number) => mirrorIndex(voxel, reach.length) - reach.from;
  if (placed === null) return Int32Array.from({ length: size }, (_, i) => position(lo + i));
  return Int32Array.from({ length: TAPS * size }, (_, i) =>
    position(placed.base[placed.from + Math.floor(i / TAPS)]! + (i % TAPS)),
  );
}

/** Reads a line along x. Returns false when a value is not finite. */
function readLine(
  { data, strides, lo }: StridedSource,
  [x, y, z]: Vec3,
  line: Float64Array,
): boolean {
  const step = strides[0];
  let at = (x - lo[0]) * step + (y - lo[1]) * strides[1] + (z - lo[2]) * strides[2];
  if (step === 1) {
    line.set(data.subarray(at, at + line.length));
  } else {
    for (let i = 0; i < line.length; i++, at += step) line[i] = data[at]!;
  }
  let check = 0;
  for (let i = 0; i < line.length; i++) check += line[i]! - line[i]!;
  return check === 0;
}

/** Runs a {@link FilterColumnsJob}, one row of x positions at a time so that it stays in cache. */
export function filterColumns(job: FilterColumnsJob): void {
  const { block, reach, prefilter } = job;
  const [width, height, depth] = block.size;
  const stride = width * height;
  const first = block.lo[2];
  for (let y = job.rows[0]; y < job.rows[1]; y++) {
    const row = y * width;
    if (prefilter) {
      const offset = row + (reach.from - first) * stride;
      prefilterInPlace(block.data, { offset, stride, lines: width }, reach);
    }
    for (let z = 0; z < depth; z++) {
      const voxel = first + z;
      if (voxel >= 0 && voxel < reach.length) continue;
      const from = row + (mirrorIndex(voxel, reach.length) - first) * stride;
      block.data.copyWithin(row + z * stride, from, from + width);
    }
  }
}

/** Reflects an index at the first and last voxel of an axis, without repeating them. */
function mirrorIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const i = ((index % period) + period) % period;
  return i < length ? i : period - i;
}
