import { HecktorError } from '@hecktor/errors';
import { pasteBox, perAxis, voxelCount } from '@hecktor/volume';
import type { Grid, Tensor, Vec3, Volume } from '@hecktor/volume';
import { separateAxis, type SeparateZ } from '../zoom/separate-axis.ts';
import { neighbours, type Neighbours } from '../zoom/neighbours.ts';
import { axisNumbers, type AxisName } from '../tensor.ts';
import type { ResizeRecord, StepRecord } from './step-record.ts';

/** How logits are interpolated; see the keys of the step `resample-to-spacing`. */
export interface LogitsInterpolation {
  readonly order: 0 | 1;
  readonly orderZ: 0 | 1;
  readonly separateZ: SeparateZ;
}

/** What {@link invertLogits} needs to know. */
export interface InvertLogitsOptions {
  readonly interpolation: LogitsInterpolation;
  /**
   * Makes labels of the logits of some slices, [1, classes, slices, y, x], in an array that the next
   * ones overwrite.
   */
  readonly decode: (slab: Tensor) => Uint8Array;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** Labels on the grid before the last `resample-to-spacing`, and the records of the steps before it. */
export interface InvertedLogits {
  readonly labels: Volume<Uint8Array>;
  readonly records: readonly StepRecord[];
}

/** Most logits that are made at once: 16 MiB. */
const SLAB_VALUES = 2 ** 22;

/**
 * Takes logits back over the last `resample-to-spacing`, as nnU-Net resamples them, and makes labels
 * of them, some slices at a time: logits are never there as a whole at the size that they go back to.
 *
 * @param axes - the tensor's spatial axes, slowest first.
 * @throws HecktorError RECIPE_INVALID when something other than padding follows that step, or there
 * is none; INVALID_ARGUMENT when the logits are not on the prepared grid.
 */
export function invertLogits(
  logits: Tensor,
  axes: readonly AxisName[],
  prepared: PreparedGrid,
  options: InvertLogitsOptions,
): InvertedLogits {
  const inverter = createLogitsInverter(axes, prepared, options);
  const planes = prepared.grid.size[axisNumbers(axes)[0] as 0 | 1 | 2];
  if (logits.dims[2] !== planes) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected logits of ${planes} planes, got [${logits.dims.join(', ')}]`,
    });
  }
  inverter.add(logits, 0);
  options.onProgress?.(1);
  return inverter.inverted;
}

/** The grid of the logits and how they got there. */
interface PreparedGrid {
  readonly grid: Grid;
  readonly records: readonly StepRecord[];
}

/** Takes logits back some planes at a time. */
export interface LogitsInverter {
  /**
   * Takes planes along the tensor's first axis, [1, classes, n, b, c], of which `first` is the first.
   * They begin where those before ended, or at the last of them, where positions between two planes
   * need both.
   */
  readonly add: (planes: Tensor, first: number) => void;
  /** Complete once all planes were there. */
  readonly inverted: InvertedLogits;
}

/**
 * What {@link invertLogits} does, for logits that are never there as a whole.
 *
 * @throws HecktorError as that does; its `add` INVALID_ARGUMENT for planes of another size.
 */
export function createLogitsInverter(
  axes: readonly AxisName[],
  prepared: PreparedGrid,
  { interpolation, decode, onProgress }: InvertLogitsOptions,
): LogitsInverter {
  const { record, start, records } = lastResampling(prepared.records);
  const { before, after } = record;
  const { order, orderZ, separateZ } = interpolation;
  const apart = separateAxis(separateZ, record.spacing, before.spacing);
  const tables = ([0, 1, 2] as const).map((a) =>
    neighbours(after.size[a], before.size[a], a === apart ? orderZ : order),
  );
  const along = axisNumbers(axes)[0] as 0 | 1 | 2;
  const data = new Uint8Array(voxelCount(before));
  let done = 0;
  const add: LogitsInverter['add'] = (planes, first) => {
    const own = tables[along]!;
    const [, classes = 0, count = 0] = planes.dims;
    const replaced = (vector: Vec3, value: number) =>
      perAxis((a) => (a === along ? value : vector[a]));
    const source = logitsBox(planes, axes, replaced(prepared.grid.size, count), replaced(start, 0));
    const from = first - start[along];
    let end = done;
    while (end < own.high.length && own.high[end]! < from + count) end++;
    if (end === done) return;
    const part = partOf(own, [done, end], from, count);
    const [x, y, z] = tables.map((table, a) => (a === along ? part : table)) as [
      Neighbours,
      Neighbours,
      Neighbours,
    ];
    const region = { start: replaced([0, 0, 0], done), size: replaced(before.size, end - done) };
    const [nx, ny, nz] = region.size;
    const most = Math.min(Math.max(1, Math.floor(SLAB_VALUES / (classes * nx * ny))), nz);
    const slab = new Float32Array(classes * most * nx * ny);
    for (let slice = 0; slice < nz; slice += most) {
      onProgress?.(slice / nz);
      const depth = Math.min(most, nz - slice);
      const values = slab.subarray(0, classes * depth * nx * ny);
      for (let c = 0; c < classes; c++) {
        for (let k = 0; k < depth; k++) {
          const at = (c * depth + k) * nx * ny;
          interpolateSlice(source, c, [x, y, z], slice + k, values.subarray(at, at + nx * ny));
        }
      }
      const labels = decode({ data: values, dims: [1, classes, depth, ny, nx] });
      const box = {
        start: perAxis((a) => region.start[a] + (a === 2 ? slice : 0)),
        size: [nx, ny, depth] as const,
      };
      pasteBox(labels, box, before.size, data);
    }
    done = end;
  };
  return { add, inverted: { labels: { ...before, data }, records } };
}

/** The neighbours of some positions among `count` voxels, of which `first` is the first. */
function partOf(
  { low, high, share, nearest }: Neighbours,
  [from, to]: readonly [number, number],
  first: number,
  count: number,
): Neighbours {
  const moved = (indices: Int32Array) => indices.slice(from, to).map((index) => index - first);
  return {
    from: count,
    low: moved(low),
    high: moved(high),
    share: share.slice(from, to),
    nearest: moved(nearest),
  };
}

type Resampling = ResizeRecord & { readonly spacing: Vec3 };

/** The last resampling to a spacing, the voxel of the padded grid where its own starts, and what came before. */
function lastResampling(all: readonly StepRecord[]): {
  record: Resampling;
  start: Vec3;
  records: readonly StepRecord[];
} {
  const at = all.findLastIndex((record) => record.kind !== 'pad' && record.kind !== 'intensity');
  const record = all[at];
  if (record?.kind !== 'resize' || record.spacing === undefined) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `logits go back over the step "resample-to-spacing", which only "pad" may follow; the last one here is ${record === undefined ? 'none' : `"${record.step}"`}`,
      fix: 'leave out "logits" in "invert", or put the step last',
    });
  }
  const pads = all.slice(at).filter((one) => one.kind === 'pad');
  const start = perAxis((a) => pads.reduce((sum, { low }) => sum + low[a], 0));
  return { record: { ...record, spacing: record.spacing }, start, records: all.slice(0, at) };
}

/** Logits from some voxel on: that of class c at (x, y, z) is `data[first + c * ofClass + x * strides[0] + ...]`. */
interface LogitsBox {
  readonly data: Float32Array;
  readonly first: number;
  readonly ofClass: number;
  readonly strides: Vec3;
}

function logitsBox(
  { data, dims }: Tensor,
  axes: readonly AxisName[],
  size: Vec3,
  start: Vec3,
): LogitsBox {
  const order = axisNumbers(axes);
  const expected = order.map((a) => size[a as 0 | 1 | 2]);
  if (dims.length !== 5 || dims[0] !== 1 || expected.some((n, i) => n !== dims[2 + i])) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected logits of [1, classes, ${expected.join(', ')}], got [${dims.join(', ')}]`,
    });
  }
  const along = [expected[1]! * expected[2]!, expected[2]!, 1];
  const strides = perAxis((a) => along[order.indexOf(a)]!);
  const first = start[0] * strides[0] + start[1] * strides[1] + start[2] * strides[2];
  return { data, first, ofClass: voxelCount({ size }), strides };
}

/** Writes slice z of a class: rows are blended along z, then along x; two of them wait for y. */
function interpolateSlice(
  { data, first, ofClass, strides: [sx, sy, sz] }: LogitsBox,
  c: number,
  [x, y, z]: readonly [Neighbours, Neighbours, Neighbours],
  k: number,
  out: Float32Array,
): void {
  const width = x.low.length;
  const slices = [z.low[k]!, z.high[k]!].map((slice) => first + c * ofClass + slice * sz);
  const line = new Float64Array(x.from);
  const kept = [new Float64Array(width), new Float64Array(width)] as const;
  const held = [-1, -1];
  const rowAt = (j: number): Float64Array => {
    const slot = (j % 2) as 0 | 1;
    if (held[slot] === j) return kept[slot];
    held[slot] = j;
    const [low, high] = slices.map((slice) => slice + j * sy) as [number, number];
    blendLine(data, [low, high, sx], z.share[k]!, line);
    blendAlong(line, x, kept[slot]);
    return kept[slot];
  };
  for (let j = 0; j < y.low.length; j++) {
    const share = y.share[j]!;
    const low = rowAt(y.low[j]!);
    blendRows(low, share === 0 ? low : rowAt(y.high[j]!), share, out, j * width);
  }
}

function blendLine(
  data: Float32Array,
  [low, high, step]: readonly [number, number, number],
  share: number,
  out: Float64Array,
): void {
  const rest = 1 - share;
  for (let i = 0, at = 0; i < out.length; i++, at += step) {
    out[i] = rest * data[low + at]! + share * data[high + at]!;
  }
}

function blendAlong(line: Float64Array, { low, high, share }: Neighbours, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const s = share[i]!;
    out[i] = (1 - s) * line[low[i]!]! + s * line[high[i]!]!;
  }
}

function blendRows(
  low: Float64Array,
  high: Float64Array,
  share: number,
  out: Float32Array,
  start: number,
): void {
  const rest = 1 - share;
  for (let i = 0; i < low.length; i++) out[start + i] = rest * low[i]! + share * high[i]!;
}
