import type { Vec3 } from '@hecktor/volume';
import type { AxisReach, FilterColumnsJob, FilterSlicesJob, StridedSource } from './kernel-job.ts';
import { prefilterInPlace } from './prefilter.ts';

/** Lines along x that are filtered together, interwoven, so that they do not wait for each other. */
const LINES = 8;

/** Runs a {@link FilterSlicesJob}. */
export function filterSlices(job: FilterSlicesJob): void {
  const { source, block, reach, prefilter, status } = job;
  const [rx, ry] = reach;
  const rows = ry.to - ry.from;
  const width = block.size[0];
  const count = rx.to - rx.from;
  const line = new Float64Array(count);
  const woven = new Float64Array(LINES * count);
  const plane = new Float64Array(width * rows);
  const columns = mirrored(block.lo[0], width, rx);
  const lines = mirrored(block.lo[1], block.size[1], ry);
  for (let z = job.slices[0]; z < job.slices[1]; z++) {
    for (let y0 = 0; y0 < rows; y0 += LINES) {
      const together = Math.min(LINES, rows - y0);
      for (let n = 0; n < together; n++) {
        if (!readLine(source, [rx.from, ry.from + y0 + n, z], line)) status[0] = 1;
        for (let i = 0; i < count; i++) woven[i * LINES + n] = line[i]!;
      }
      if (prefilter) prefilterInPlace(woven, { offset: 0, stride: LINES, lines: LINES }, rx);
      for (let n = 0; n < together; n++) {
        const at = (y0 + n) * width;
        for (let i = 0; i < width; i++) plane[at + i] = woven[columns[i]! * LINES + n]!;
      }
    }
    if (prefilter) prefilterInPlace(plane, { offset: 0, stride: width, lines: width }, ry);
    let to = (z - block.lo[2]) * block.size[1] * width;
    for (let j = 0; j < block.size[1]; j++, to += width) {
      const from = lines[j]! * width;
      block.data.set(plane.subarray(from, from + width), to);
    }
  }
}

/** For each voxel of a block's axis, the position in the filtered reach that holds its value. */
function mirrored(lo: number, size: number, reach: AxisReach): Int32Array {
  return Int32Array.from(
    { length: size },
    (_, i) => mirrorIndex(lo + i, reach.length) - reach.from,
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
