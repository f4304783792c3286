import { HecktorError } from '@hecktor/errors';
import { voxelCount } from '@hecktor/volume';
import type { Grid, Tensor, Vec3, Volume } from '@hecktor/volume';
import { perAxis } from '../region.ts';
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
  prepared: { readonly grid: Grid; readonly records: readonly StepRecord[] },
  { interpolation, decode, onProgress }: InvertLogitsOptions,
): InvertedLogits {
  const { record, start, records } = lastResampling(prepared.records);
  const { before, after } = record;
  const source = logitsBox(logits, axes, prepared.grid.size, start);
  const { order, orderZ, separateZ } = interpolation;
  const apart = separateAxis(separateZ, record.spacing, before.spacing);
  const [x, y, z] = ([0, 1, 2] as const).map((a) =>
    neighbours(after.size[a], before.size[a], a === apart ? orderZ : order),
  ) as [Neighbours, Neighbours, Neighbours];
  const [nx, ny, nz] = before.size;
  const classes = logits.dims[1]!;
  const most = Math.min(Math.max(1, Math.floor(SLAB_VALUES / (classes * nx * ny))), nz);
  const slab = new Float32Array(classes * most * nx * ny);
  const data = new Uint8Array(voxelCount(before));
  for (let first = 0; first < nz; first += most) {
    onProgress?.(first / nz);
    const depth = Math.min(most, nz - first);
    const values = slab.subarray(0, classes * depth * nx * ny);
    for (let c = 0; c < classes; c++) {
      for (let k = 0; k < depth; k++) {
        const start = (c * depth + k) * nx * ny;
        interpolateSlice(source, c, [x, y, z], first + k, values.subarray(start, start + nx * ny));
      }
    }
    data.set(decode({ data: values, dims: [1, classes, depth, ny, nx] }), first * nx * ny);
  }
  onProgress?.(1);
  return { labels: { ...before, data }, records };
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
