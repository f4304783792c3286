import type { Plane } from './plane.ts';

/** True for pixels of `label` that touch (4-neighbourhood) a pixel of another value. */
export function contourOf(labels: Float32Array, plane: Plane, label: number): Uint8Array {
  const { width, height } = plane;
  const out = new Uint8Array(width * height);
  const at = (u: number, v: number): number =>
    u < 0 || v < 0 || u >= width || v >= height ? 0 : labels[u + width * v]!;
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      if (at(u, v) !== label) continue;
      const inside =
        at(u - 1, v) === label &&
        at(u + 1, v) === label &&
        at(u, v - 1) === label &&
        at(u, v + 1) === label;
      if (!inside) out[u + width * v] = 1;
    }
  }
  return out;
}
