import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';
import { assertTensor, type Predictor } from './predictor.ts';

/**
 * Test-time augmentation: a predictor that runs `predictor` on the windows as they are and on each
 * mirror image, flips the logits back and gives their mean.
 *
 * @param flips Mirror images besides the unflipped one, each a set of spatial axes (0, 1, 2) to
 * flip together, e.g. `[[2], [0, 2]]`. Empty: `predictor` itself.
 * @param goesOn - Asked after each pass of a window with the number of passes it has had; with false
 * the mean is that of these. Default: all flips.
 * @throws HecktorError INVALID_ARGUMENT for an axis other than 0, 1, 2, an empty or a repeated set.
 */
export function withFlips(
  predictor: Predictor,
  flips: readonly FlipAxes[],
  goesOn: (passes: number) => boolean = () => true,
): Predictor {
  assertFlips(flips);
  if (flips.length === 0) return predictor;
  let flipped = new Float32Array(0);
  let mean = new Float32Array(0);
  return async (windows) => {
    assertTensor(windows, 5, 'windows');
    if (flipped.length !== windows.data.length) flipped = new Float32Array(windows.data.length);
    const plain = await predictor(windows);
    const { dims } = plain;
    if (mean.length !== plain.data.length) mean = new Float32Array(plain.data.length);
    mean.set(plain.data);
    let count = 1;
    for (const axes of flips) {
      if (!goesOn(count)) break;
      count++;
      flipInto(flipped, windows, axes);
      const logits = await predictor({ data: flipped, dims: windows.dims });
      addFlippedInPlace(mean, logits, axes);
    }
    for (let i = 0; i < mean.length; i++) mean[i]! /= count;
    return { data: mean, dims };
  };
}

function assertFlips(flips: readonly FlipAxes[]): void {
  const seen = new Set<string>();
  for (const axes of flips) {
    const key = [...axes].sort().join();
    const valid = axes.length > 0 && axes.every((axis) => [0, 1, 2].includes(axis));
    if (!valid || new Set(axes).size !== axes.length || seen.has(key)) {
      throw new HecktorError('INVALID_ARGUMENT', {
        detail:
          'flips: expected different, non-empty sets of the axes 0, 1, 2, ' +
          `got ${JSON.stringify(flips)}`,
      });
    }
    seen.add(key);
  }
}

/** Spatial axes to flip: 0, 1, 2 for the tensor's axes after batch and channel. */
export type FlipAxes = readonly number[];

/** Calls `visit(from, to)` for each row start of a tensor and of its mirror image. */
function forEachRow(
  dims: readonly number[],
  axes: FlipAxes,
  visit: (from: number, to: number) => void,
): void {
  const [n = 1, channels = 1, na = 1, nb = 1, nc = 1] = dims;
  const flipA = axes.includes(0);
  const flipB = axes.includes(1);
  let from = 0;
  for (let image = 0; image < n * channels; image++) {
    for (let a = 0; a < na; a++) {
      const toA = flipA ? na - 1 - a : a;
      for (let b = 0; b < nb; b++) {
        const toB = flipB ? nb - 1 - b : b;
        visit(from, ((image * na + toA) * nb + toB) * nc);
        from += nc;
      }
    }
  }
}

/** Writes the mirror image of `source` into `target`, which must have as many elements. */
function flipInto(target: Float32Array, source: Tensor, axes: FlipAxes): void {
  const nc = source.dims[4]!;
  const flipC = axes.includes(2);
  const { data } = source;
  forEachRow(source.dims, axes, (from, to) => {
    if (!flipC) {
      target.set(data.subarray(from, from + nc), to);
      return;
    }
    for (let c = 0; c < nc; c++) target[to + nc - 1 - c] = data[from + c]!;
  });
}

/** Adds the mirror image of `source` to `target`. */
function addFlippedInPlace(target: Float32Array, source: Tensor, axes: FlipAxes): void {
  const nc = source.dims[4]!;
  const flipC = axes.includes(2);
  const { data } = source;
  forEachRow(source.dims, axes, (from, to) => {
    if (flipC) for (let c = 0; c < nc; c++) target[to + nc - 1 - c]! += data[from + c]!;
    else for (let c = 0; c < nc; c++) target[to + c]! += data[from + c]!;
  });
}
