import type { Vec3 } from '@hecktor/volume';

/** Stores slices into a volume. */
export interface WriteSink {
  readonly kind: 'write';
  readonly out: Float32Array;
  /** Size of the volume that `out` holds. */
  readonly size: Vec3;
  /** Where the region's first voxel goes. */
  readonly at: Vec3;
}

/** Count, mean and sum of squared deviations of each slice: `slots[3 z ... 3 z + 2]`. */
export interface MomentsSink {
  readonly kind: 'moments';
  readonly nonzero: boolean;
  readonly slots: Float64Array;
}

/** Lowest and highest value of each slice: `slots[2 z]` and `slots[2 z + 1]`. */
export interface RangeSink {
  readonly kind: 'range';
  readonly slots: Float64Array;
}

/**
 * Bounding box of the values above a limit in each slice: `slots[4 z ...]` = first x, last x, first
 * y, last y, with first > last when there is none.
 */
export interface BoundsSink {
  readonly kind: 'bounds';
  readonly above: number;
  readonly slots: Int32Array;
}

/** Marks values that are at least a limit. */
export interface ThresholdSink {
  readonly kind: 'threshold';
  /** The lowest value that is marked. */
  readonly atLeast: number;
  /** One byte per voxel of the region, all 0 before. */
  readonly mask: Uint8Array;
  /** For each row of the region the marked voxels lie in `[spans[2 row], spans[2 row + 1])`. */
  readonly spans: Int32Array;
}

export type Sink = WriteSink | MomentsSink | RangeSink | BoundsSink | ThresholdSink;

/** Hands slice `z` of a region, `width` x `height` values, to a sink. */
export function feedSink(
  sink: Sink,
  z: number,
  slice: Float32Array,
  width: number,
  height: number,
): void {
  switch (sink.kind) {
    case 'write':
      return writeSlice(sink, z, slice, width, height);
    case 'moments':
      return collectMoments(sink, z, slice);
    case 'range':
      return collectRange(sink, z, slice);
    case 'bounds':
      return collectBounds(sink, z, slice, width, height);
    case 'threshold':
      return markRows(sink, z, slice, width, height);
  }
}

/** True when slices of `size` can be produced right where the sink wants them. */
export function isDirect(sink: Sink, size: Vec3): sink is WriteSink {
  return (
    sink.kind === 'write' &&
    sink.at[0] === 0 &&
    sink.at[1] === 0 &&
    sink.size[0] === size[0] &&
    sink.size[1] === size[1]
  );
}

function writeSlice(
  { out, size, at }: WriteSink,
  z: number,
  slice: Float32Array,
  width: number,
  height: number,
): void {
  let to = at[0] + size[0] * (at[1] + size[1] * (at[2] + z));
  for (let y = 0; y < height; y++, to += size[0]) {
    out.set(slice.subarray(y * width, (y + 1) * width), to);
  }
}

function collectMoments({ nonzero, slots }: MomentsSink, z: number, slice: Float32Array): void {
  // Deviations from a value of the slice itself, so that a large common offset does not cancel.
  let shift = 0;
  for (let i = 0; i < slice.length; i++) {
    if (slice[i] !== 0) {
      shift = slice[i]!;
      break;
    }
  }
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < slice.length; i++) {
    const v = slice[i]!;
    if (nonzero && v === 0) continue;
    const d = v - shift;
    count++;
    sum += d;
    squares += d * d;
  }
  slots[3 * z] = count;
  slots[3 * z + 1] = count === 0 ? 0 : shift + sum / count;
  slots[3 * z + 2] = count === 0 ? 0 : Math.max(squares - (sum * sum) / count, 0);
}

function collectRange({ slots }: RangeSink, z: number, slice: Float32Array): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < slice.length; i++) {
    const v = slice[i]!;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  slots[2 * z] = low;
  slots[2 * z + 1] = high;
}

function collectBounds(
  { above, slots }: BoundsSink,
  z: number,
  slice: Float32Array,
  width: number,
  height: number,
): void {
  let x0 = width;
  let x1 = -1;
  let y0 = height;
  let y1 = -1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = 0;
    while (first < width && !(slice[row + first]! > above)) first++;
    if (first === width) continue;
    let last = width - 1;
    while (!(slice[row + last]! > above)) last--;
    if (first < x0) x0 = first;
    if (last > x1) x1 = last;
    if (y < y0) y0 = y;
    y1 = y;
  }
  slots.set([x0, x1, y0, y1], 4 * z);
}

function markRows(
  sink: ThresholdSink,
  z: number,
  slice: Float32Array,
  width: number,
  height: number,
): void {
  const { mask, spans, atLeast } = sink;
  const at = z * slice.length;
  for (let y = 0; y < height; y++) {
    let first = width;
    let end = 0;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (!(slice[i]! >= atLeast)) continue;
      mask[at + i] = 1;
      if (x < first) first = x;
      end = x + 1;
    }
    spans[2 * (y + z * height)] = first;
    spans[2 * (y + z * height) + 1] = end;
  }
}
