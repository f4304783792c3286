import { blendRows, TAPS, type Target } from './blend.ts';
import type {
  AxisReach,
  CoefficientBlock,
  FilterColumnsJob,
  FilterSlicesJob,
  StridedSource,
} from './kernel-job.ts';
import { filterLines, type Lines } from './prefilter.ts';

/** Lines of a slice that are worked on together, so that they stay in cache. */
const STRIP = 32;

/** An axis of a slice: what is filtered of it, and the positions that a block holds. */
interface Axis {
  readonly reach: AxisReach;
  readonly length: number;
  readonly positions: number;
  /** The filtered voxel at each position, or four of them with weights. */
  readonly rows: Int32Array;
  readonly weights: Float64Array | null;
}

/**
 * Runs a {@link FilterSlicesJob}: first along x, then along y, as ITK's last bit depends on this order.
 * Where positions are evaluated at once y comes first, so that fewer lines along x are left.
 */
export function filterSlices(job: FilterSlicesJob): void {
  const { source, block, reach, prefilter, status } = job;
  const kept = block.placed.every((table) => table === null);
  const [one, two] = kept ? ([0, 1] as const) : ([1, 0] as const);
  const first = axisOf(block, one, reach[one]);
  const second = axisOf(block, two, reach[two]);
  const strip = new Float64Array(STRIP * first.length);
  const plane = new Float64Array(first.positions * second.length);
  const filters = (along: AxisReach) => prefilter && along.length > 1;
  const [width, height] = block.size;
  for (let z = job.slices[0]; z < job.slices[1]; z++) {
    const start = voxelAt(source, reach, z);
    for (let line = 0; line < second.length; line += STRIP) {
      const count = Math.min(STRIP, second.length - line);
      readLines(
        source,
        start + line * source.strides[two],
        [one, two],
        [first.length, count],
        strip,
      );
      const lines = { data: strip, start: 0, stride: count, apart: 1 };
      const finite = filters(first.reach)
        ? filterLines(lines, count, first.reach)
        : isFinite(strip, first.length * count);
      if (!finite) status[0] = 1;
      const at = line * first.positions;
      place(lines, count, first, { data: plane, start: at, stride: 1, apart: first.positions });
    }
    const lines = { data: plane, start: 0, stride: first.positions, apart: 1 };
    if (filters(second.reach)) filterLines(lines, first.positions, second.reach);
    const at = (z - block.lo[2]) * height * width;
    const [along, across] = kept ? [width, 1] : [1, width];
    place(lines, first.positions, second, {
      data: block.data,
      start: at,
      stride: along,
      apart: across,
    });
  }
}

function axisOf({ lo, size, placed }: CoefficientBlock, a: 0 | 1, reach: AxisReach): Axis {
  const table = placed[a];
  const positions = size[a];
  const row = (voxel: number) => mirrorIndex(voxel, reach.length) - reach.from;
  const rows =
    table === null
      ? Int32Array.from({ length: positions }, (_, i) => row(lo[a] + i))
      : Int32Array.from({ length: TAPS * positions }, (_, i) =>
          row(table.base[table.from + Math.floor(i / TAPS)]! + (i % TAPS)),
        );
  const weights = table && table.weights.subarray(TAPS * table.from, TAPS * table.to);
  return { reach, length: reach.to - reach.from, positions, rows, weights };
}

/** Where the part of slice `z` that is filtered begins. */
function voxelAt({ strides, lo }: StridedSource, [x, y]: FilterSlicesJob['reach'], z: number) {
  return (x.from - lo[0]) * strides[0] + (y.from - lo[1]) * strides[1] + (z - lo[2]) * strides[2];
}

/** Reads lines along axis `a` of a slice, side by side. */
function readLines(
  { data, strides }: StridedSource,
  start: number,
  [a, b]: readonly [0 | 1, 0 | 1],
  [length, count]: readonly [number, number],
  out: Float64Array,
): void {
  const [stride, apart] = [strides[a], strides[b]];
  if (apart === 1) {
    for (let k = 0; k < length; k++) {
      const [at, to] = [start + k * stride, k * count];
      for (let i = 0; i < count; i++) out[to + i] = data[at + i]!;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    let [at, to] = [start + i * apart, i];
    for (let k = 0; k < length; k++, at += stride, to += count) out[to] = data[at]!;
  }
}

function isFinite(values: Float64Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (values[i]! - values[i]! !== 0) return false;
  return true;
}

/** Brings filtered lines, which lie beside each other, to the positions of an axis. */
function place(from: Lines, count: number, { positions, rows, weights }: Axis, to: Target): void {
  if (weights !== null) return blendRows(from, { rows, weights }, [positions, count], to);
  for (let j = 0; j < positions; j++) {
    const row = from.start + from.stride * rows[j]!;
    let at = to.start + j * to.stride;
    for (let i = 0; i < count; i++, at += to.apart) to.data[at] = from.data[row + i]!;
  }
}

/** Runs a {@link FilterColumnsJob}, one row of x positions at a time so that it stays in cache. */
export function filterColumns({ block, reach, rows, prefilter }: FilterColumnsJob): void {
  const { data } = block;
  const [width, height, depth] = block.size;
  const stride = width * height;
  const first = block.lo[2];
  for (let y = rows[0]; y < rows[1]; y++) {
    const row = y * width;
    if (prefilter && reach.length > 1) {
      const lines = { data, start: row + (reach.from - first) * stride, stride, apart: 1 };
      filterLines(lines, width, reach);
    }
    for (let z = 0; z < depth; z++) {
      const voxel = first + z;
      if (voxel >= 0 && voxel < reach.length) continue;
      const from = row + (mirrorIndex(voxel, reach.length) - first) * stride;
      data.copyWithin(row + z * stride, from, from + width);
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
