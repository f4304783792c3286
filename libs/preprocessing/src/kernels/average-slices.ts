import type { AverageJob } from './kernel-job.ts';

// A local name: looking `Math` up on the global object once per voxel shows in sandboxes.
const { fround } = Math;

/** Sums in float32, x fastest, and divides by the counts along z, y and x, as PyTorch does. */
export function averageSlices({ data, plane, bins, slices, out }: AverageJob): void {
  const [width, height] = plane;
  const [xs, ys, zs] = bins;
  let at = slices[0] * xs.length * ys.length;
  for (const z of zs.slice(slices[0], slices[1])) {
    for (const y of ys) {
      for (const x of xs) {
        let sum = 0;
        for (let k = z.first; k < z.end; k++) {
          for (let j = y.first; j < y.end; j++) {
            const row = width * (j + height * k);
            for (let i = row + x.first; i < row + x.end; i++) sum = fround(sum + data[i]!);
          }
        }
        const perPlane = fround(sum / (z.end - z.first));
        out[at++] = fround(perPlane / (y.end - y.first)) / (x.end - x.first);
      }
    }
  }
}
