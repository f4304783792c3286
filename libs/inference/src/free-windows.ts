import type { Tensor } from '@hecktor/volume';
import type { Triple } from './predictor.ts';
import { insideOf, type WindowLayout } from './window-layout.ts';

/** What lies outside of the body: windows of it alone need no network. */
export interface OutsideOptions {
  readonly channel: number;
  /** No voxel of the body is at or below it, in the tensor's units. */
  readonly above: number;
}

/** Windows that touch no body: 1 for each window without a voxel of the channel above the value. */
export function windowsOutside(
  input: Tensor,
  layout: WindowLayout,
  { channel, above }: OutsideOptions,
): Uint8Array {
  return Uint8Array.from(layout.positions, (position) =>
    everyRow(layout, position, channel, (from, to) => {
      for (let i = from; i < to; i++) if (input.data[i]! > above) return false;
      return true;
    })
      ? 1
      : 0,
  );
}

/**
 * A key for each window in which every channel has one value, padding included, down to the last
 * bit: windows of the same key are the same input. Undefined for all other windows.
 */
export function constantWindows(
  input: Tensor,
  layout: WindowLayout,
): readonly (string | undefined)[] {
  const { buffer, byteOffset, length } = input.data;
  const bits = new Int32Array(buffer, byteOffset, length);
  return layout.positions.map((position) => {
    const isPadded = position.some(
      (start, axis) => start < 0 || start + layout.roi[axis]! > layout.size[axis]!,
    );
    const values: number[] = [];
    for (let channel = 0; channel < input.dims[1]!; channel++) {
      let value: number | undefined = isPadded ? 0 : undefined;
      const isConstant = everyRow(layout, position, channel, (from, to) => {
        value ??= bits[from]!;
        for (let i = from; i < to; i++) if (bits[i] !== value) return false;
        return true;
      });
      if (!isConstant) return undefined;
      values.push(value!);
    }
    return values.join();
  });
}

/** The mean of a channel in a window: body is denser than air, and takes up more tracer. */
export function windowMean(
  input: Tensor,
  layout: WindowLayout,
  window: number,
  channel: number,
): number {
  let [sum, count] = [0, 0];
  everyRow(layout, layout.positions[window]!, channel, (from, to) => {
    for (let i = from; i < to; i++) sum += input.data[i]!;
    count += to - from;
    return true;
  });
  return sum / count;
}

/** Whether `test` holds for each row of a window that lies in the image, from its first on. */
function everyRow(
  { roi, size }: WindowLayout,
  position: Triple,
  channel: number,
  test: (from: number, to: number) => boolean,
): boolean {
  const [, sb, sc] = size;
  const [a, b, c] = position.map((start, axis) => {
    const { from, to } = insideOf(start, roi[axis]!, size[axis]!);
    return { from: start + from, to: start + to };
  }) as [Range, Range, Range];
  for (let i = a.from; i < a.to; i++) {
    for (let j = b.from; j < b.to; j++) {
      const row = ((channel * size[0] + i) * sb + j) * sc;
      if (!test(row + c.from, row + c.to)) return false;
    }
  }
  return true;
}

interface Range {
  readonly from: number;
  readonly to: number;
}
