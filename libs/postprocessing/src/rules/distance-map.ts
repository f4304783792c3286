import type { Vec3 } from '@hecktor/volume';

/**
 * The squared distance in mm of each voxel centre to the nearest one that is set, 0 where it is set
 * itself; infinite where none is. Exact, by parabolas along one axis after the other (Felzenszwalb and
 * Huttenlocher, "Distance transforms of sampled functions", Theory of Computing 2012, 8:415).
 *
 * @param mask - Not 0 where a voxel is set, x fastest.
 */
export function squaredDistances(mask: Uint8Array, size: Vec3, spacing: Vec3): Float64Array {
  const out = Float64Array.from(mask, (value) => (value === 0 ? Infinity : 0));
  const strides = [1, size[0], size[0] * size[1]];
  for (const axis of [0, 1, 2] as const) {
    const n = size[axis];
    const work = createWork(n);
    for (let start = 0; start < out.length; start++) {
      if (Math.floor(start / strides[axis]!) % n !== 0) continue;
      lowerEnvelope(out, start, strides[axis]!, spacing[axis], work);
    }
  }
  return out;
}

function createWork(n: number) {
  return { values: new Float64Array(n), vertices: new Int32Array(n), bounds: new Float64Array(n) };
}

/** Replaces a line by the lower envelope of a parabola over each of its finite values. */
function lowerEnvelope(
  data: Float64Array,
  start: number,
  stride: number,
  spacing: number,
  { values, vertices, bounds }: ReturnType<typeof createWork>,
): void {
  const n = values.length;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const value = data[start + i * stride]!;
    values[i] = value;
    if (value === Infinity) continue;
    let from = -Infinity;
    while (count > 0) {
      const j = vertices[count - 1]!;
      // Where the parabola over i comes to lie below the one over j, in voxels.
      const height = (value - values[j]!) / (spacing * spacing);
      from = (i + j) / 2 + height / (2 * (i - j));
      if (from > bounds[count - 1]!) break;
      from = -Infinity;
      count--;
    }
    vertices[count] = i;
    bounds[count++] = from;
  }
  if (count === 0) return;
  for (let i = 0, k = 0; i < n; i++) {
    while (k + 1 < count && bounds[k + 1]! < i) k++;
    const step = (i - vertices[k]!) * spacing;
    data[start + i * stride] = step * step + values[vertices[k]!]!;
  }
}
