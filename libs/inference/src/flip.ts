import type { Tensor } from '@hecktor/volume';

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
export function flipInto(target: Float32Array, source: Tensor, axes: FlipAxes): void {
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
export function addFlippedInPlace(target: Float32Array, source: Tensor, axes: FlipAxes): void {
  const nc = source.dims[4]!;
  const flipC = axes.includes(2);
  const { data } = source;
  forEachRow(source.dims, axes, (from, to) => {
    if (flipC) for (let c = 0; c < nc; c++) target[to + nc - 1 - c]! += data[from + c]!;
    else for (let c = 0; c < nc; c++) target[to + c]! += data[from + c]!;
  });
}
