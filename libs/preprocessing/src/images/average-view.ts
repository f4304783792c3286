import type { Vec3 } from '@hecktor/volume';
import { runInParts, type Engine } from '../engine.ts';
import type { Bin } from '../kernels/kernel-job.ts';
import { cropView, materialise, type ImageView } from './image-view.ts';

/** Most voxels of the input that are held at once: 16 MiB. */
const MOST_VOXELS = 4 * 2 ** 20;

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
    await runInParts(engine, [0, to - from], (part) => ({
      ...{ kind: 'average', data, plane: [width, height], slices: part },
      ...{ bins: [xs, ys, slices], out: out.subarray(from * plane, to * plane) },
    }));
  }
}

function bins(from: number, to: number): Bin[] {
  return Array.from({ length: to }, (_, i) => ({
    first: Math.floor((i * from) / to),
    end: Math.ceil(((i + 1) * from) / to),
  }));
}
