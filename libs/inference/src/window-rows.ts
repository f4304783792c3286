import { windowsOutside } from './free-windows.ts';
import { assertHalfHeld, halfRounding, type Rounding } from './half.ts';
import type { Predictor, Triple } from './predictor.ts';
import { assertPrediction, type SlidingWindowOptions } from './sliding-window.ts';
import { importanceMap, layOutWindows, triple, type WindowLayout } from './window-layout.ts';
import { addWindow, divideByWeightsInPlace, gatherWindow } from './window-transfer.ts';
import type { Tensor } from '@hecktor/volume';

/** The windows that start at the same plane of the first axis. */
export interface WindowRow {
  readonly number: number;
  readonly start: number;
  /** Planes of the image that they cover, `[first, end)`. */
  readonly first: number;
  readonly end: number;
  /** Planes from `first` to here are touched by no later row. */
  readonly finished: number;
}

/** Rows of windows over an image, in the order in which `slidingWindowInference` runs them. */
export interface WindowRows {
  readonly rows: readonly WindowRow[];
  /** Planes that each row covers. */
  readonly planes: number;
  /** Windows of each row. */
  readonly windows: number;
  readonly layout: WindowLayout;
}

/** Lays rows of windows over an image of some spatial size. */
export function layOutRows(
  size: Triple,
  { roi, overlap, tiling }: Pick<SlidingWindowOptions, 'roi' | 'overlap' | 'tiling'>,
): WindowRows {
  const layout = layOutWindows(size, roi, triple(overlap), tiling);
  const [starts, ...others] = layout.starts as [readonly number[], ...number[][]];
  const rows = starts.map((start, i): WindowRow => {
    const next = starts[i + 1];
    const end = Math.min(size[0], start + roi[0]);
    return { number: i, start, first: Math.max(0, start), end, finished: next ?? size[0] };
  });
  const windows = others.reduce((product, { length }) => product * length, 1);
  return { rows, planes: Math.min(size[0], roi[0]), windows, layout };
}

/** Sums of weighted logits over the planes of a row; what no later row touches can be read. */
export interface RowSums {
  /**
   * Runs a network over the windows of a row and adds its logits.
   *
   * @param input - The planes of the row, [1, channels, planes, b, c].
   * @param share - What logits are multiplied by.
   * @throws HecktorError MODEL_MISMATCH when a prediction has not the shape of its windows.
   */
  readonly add: (
    row: WindowRow,
    input: Tensor,
    predictor: Predictor,
    share: number,
  ) => Promise<void>;
  /**
   * The blended logits of planes up to `row.finished`, from the one before `row.first` on, in a new
   * array [1, classes, to - from, b, c]: bit by bit those of `slidingWindowInference`.
   *
   * @throws HecktorError MODEL_OUTPUT_INVALID for sums that float16 cannot hold.
   */
  readonly read: (row: WindowRow, from: number, to: number) => Tensor;
  /** Forgets the planes that a row has finished. */
  readonly advance: (row: WindowRow) => void;
  /** Multiplies all sums. */
  readonly scale: (factor: number) => void;
  /** Of the network; known once it has run. */
  readonly classes: () => number;
}

/**
 * Sums for windows in rows, of one network or, by shares, the mean of several. They take one row's
 * planes of memory where `slidingWindowInference` takes those of the image.
 */
export function createRowSums(
  { layout, planes, windows: count }: WindowRows,
  options: SlidingWindowOptions,
): RowSums {
  const { roi, arithmetic = 'float32' } = options;
  const [startsA, startsB, startsC] = layout.starts as [number[], number[], number[]];
  const [, sb, sc] = layout.size;
  const area = sb * sc;
  const weights = importanceMap(roi, options);
  const own: WindowLayout = { ...layout, size: [planes, sb, sc] };
  const perBatch = Math.min(options.windowsPerBatch, count);
  const ran = new Uint8Array(layout.positions.length);
  let sum: Tensor | undefined;
  let round: Rounding | undefined;
  let before = new Float32Array(0);

  const add: RowSums['add'] = async ({ number, start, first }, input, predictor, share) => {
    const channels = input.dims[1]!;
    const length = channels * weights.length;
    const windows = new Float32Array(perBatch * length);
    const shared = share === 1 ? weights : weights.map((weight) => weight * share);
    const positions = startsB.flatMap((b) => startsC.map((c): Triple => [start - first, b, c]));
    const isOutside =
      options.outside && windowsOutside(input, { ...own, positions }, options.outside);
    const body = positions.filter((_, i) => isOutside?.[i] !== 1);
    positions.forEach((_, i) => (ran[number * count + i] = isOutside?.[i] === 1 ? 0 : 1));
    // A first window runs whatever it holds: it tells how many classes there are.
    const rest = sum === undefined && body.length === 0 ? positions.slice(0, 1) : body;
    for (let done = 0; done < rest.length; done += perBatch) {
      const batch = rest.slice(done, done + perBatch);
      if (roi.some((n, axis) => n > layout.size[axis]!)) windows.fill(0);
      batch.forEach((position, i) => gatherWindow(input, own, position, windows, i * length));
      const prediction = await predictor({
        data: windows.subarray(0, batch.length * length),
        dims: [batch.length, channels, ...roi],
      });
      assertPrediction(prediction, batch.length, roi, sum?.dims[1]);
      const classes = prediction.dims[1]!;
      if (sum === undefined) {
        sum = {
          data: new Float32Array(classes * planes * area),
          dims: [1, classes, planes, sb, sc],
        };
        if (arithmetic === 'float16') round = halfRounding(sum.data);
        before = new Float32Array(classes * area);
      }
      if (body.length === 0) break;
      for (const [i, position] of batch.entries()) {
        addWindow(sum, own, position, prediction.data, i * classes * weights.length, shared, round);
      }
      options.onProgress?.((done + batch.length) / rest.length);
    }
  };

  const read: RowSums['read'] = ({ first }, from, to) => {
    const [, classes = 0] = sum!.dims;
    const part: Triple = [to - from, sb, sc];
    const data = new Float32Array(classes * part[0] * area);
    for (let k = 0; k < classes; k++) {
      const inside = Math.max(from, first);
      const source = (k * planes + inside - first) * area;
      const at = k * part[0] * area;
      if (from < first) data.set(before.subarray(k * area, (k + 1) * area), at);
      const values = sum!.data.subarray(source, source + (to - inside) * area);
      data.set(values, at + (inside - from) * area);
    }
    const tensor = { data, dims: [1, classes, ...part] };
    const starts = [startsA.map((start) => start - from), startsB, startsC];
    divideByWeightsInPlace(tensor, { ...layout, size: part, starts }, weights, arithmetic, ran);
    if (arithmetic === 'float16') assertHalfHeld(data);
    return tensor;
  };

  const advance: RowSums['advance'] = ({ first, finished }) => {
    const { data, dims } = sum!;
    const moved = (finished - first) * area;
    for (let k = 0; k < dims[1]!; k++) {
      const [start, end] = [k * planes * area, (k + 1) * planes * area];
      before.set(data.subarray(start + moved - area, start + moved), k * area);
      data.copyWithin(start, start + moved, end);
      data.fill(0, end - moved, end);
    }
  };
  const scale: RowSums['scale'] = (factor) => {
    const { data } = sum!;
    for (let i = 0; i < data.length; i++) data[i]! *= factor;
  };
  return { add, read, advance, scale, classes: () => sum!.dims[1]! };
}
