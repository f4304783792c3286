import type { Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { cropView, materialise, type ImageView } from './image-view.ts';

// A local name: looking `Math` up on the global object once per voxel shows in sandboxes.
const { fround } = Math;

/** Most voxels of the input that are held at once: 16 MiB. */
const MOST_VOXELS = 4 * 2 ** 20;

/** The input voxels, `[first, end)`, that one output voxel averages along an axis. */
interface Bin {
  readonly first: number;
  readonly end: number;
}

/**
 * Averages a view into `size` voxels by adaptive pooling, some output slices at a time, so that the
 * input need never be there as a whole.
 */
export async function averageView(
  view: ImageView,
  out: Float32Array,
  size: Vec3,
  engine: Engine,
  mostVoxels = MOST_VOXELS,
): Promise<void> {
  const [width, height, depth] = view.window.size;
  const xs = bins(width, size[0]);
  const ys = bins(height, size[1]);
  const zs = bins(depth, size[2]);
  const fits = (from: number, to: number): boolean =>
    (zs[to - 1]!.end - zs[from]!.first) * width * height <= mostVoxels;
  for (let from = 0, to = 1; from < size[2]; from = to, to = from + 1) {
    while (to < size[2] && fits(from, to + 1)) to++;
    const start = zs[from]!.first;
    const depthOfPart = zs[to - 1]!.end - start;
    const part = cropView(view, { start: [0, 0, start], size: [width, height, depthOfPart] });
    const data = await materialise(part, engine);
    const slices = zs.slice(from, to).map((z) => ({ first: z.first - start, end: z.end - start }));
    const plane = size[0] * size[1];
    averageInto(data, [width, height], [xs, ys, slices], out.subarray(from * plane, to * plane));
  }
}

/** Sums in float32, x fastest, and divides by the counts along z, y and x, as PyTorch does. */
function averageInto(
  data: Float32Array,
  [width, height]: readonly [number, number],
  [xs, ys, zs]: readonly [readonly Bin[], readonly Bin[], readonly Bin[]],
  out: Float32Array,
): void {
  let at = 0;
  for (const z of zs) {
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

function bins(from: number, to: number): Bin[] {
  return Array.from({ length: to }, (_, i) => ({
    first: Math.floor((i * from) / to),
    end: Math.ceil(((i + 1) * from) / to),
  }));
}
