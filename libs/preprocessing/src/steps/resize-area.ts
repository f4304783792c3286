import { Type } from 'typebox';
import { perAxis, voxelCount, voxelToWorld } from '@hecktor/volume';
import type { Grid, Region, Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { arrayImage, cropImage, gridOf, readImage, type LazyImage } from '../lazy-image.ts';
import {
  assertHoldable,
  mapImages,
  requireCommonGrid,
  stepSchema,
  voxelVector,
  type Step,
} from './step.ts';

/** Most voxels of the input that are held at once: 16 MiB. */
const MOST_VOXELS = 4 * 2 ** 20;

const schema = stepSchema(
  'resize-area',
  'Brings all images to a size by adaptive average pooling: output voxel i averages input voxels floor(i n / size) to ceil((i + 1) n / size).',
  {
    size: voxelVector('Size in voxels along x, y, z.'),
    grids: Type.Union([Type.Literal('common'), Type.Literal('own')], {
      description:
        '"common" needs all images on one grid. "own" divides each image\'s own grid and then takes all of them for one grid, that of the first image, as the training scripts of tasks 2 and 3 do: voxels with the same index need not lie at the same place.',
      default: 'common',
    }),
  },
);

/** Resizes all images. Their extent in the world stays the same, but for grids "own". */
export const resizeAreaStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, size, grids }, engine) {
    const [first] = images.values();
    const before = grids === 'own' ? gridOf(first!) : requireCommonGrid(images, step);
    const after = resizedGrid(before, size as Vec3);
    assertHoldable(after.size, before.size, step);
    const resized = await mapImages(images, async (image) => {
      const out = new Float32Array(voxelCount(after));
      await averageImage(image, out, after.size, engine);
      return arrayImage(image.name, { ...after, data: out });
    });
    return { images: resized, record: { kind: 'resize', step, before, after } };
  },
};

/** The grid of `size` voxels with the same outer voxel edges. */
export function resizedGrid(grid: Grid, size: Vec3): Grid {
  const ratio = perAxis((a) => grid.size[a] / size[a]);
  return {
    size,
    spacing: perAxis((a) => grid.spacing[a] * ratio[a]),
    origin: voxelToWorld(
      grid,
      perAxis((a) => ratio[a] / 2 - 0.5),
    ),
    direction: grid.direction,
  };
}

/**
 * Averages an image into `size` voxels by adaptive pooling, some output slices at a time, so that
 * the input need never be there as a whole.
 */
export async function averageImage(
  image: LazyImage,
  out: Float32Array,
  size: Vec3,
  engine: Engine,
  mostVoxels = MOST_VOXELS,
): Promise<void> {
  const [width, height, depth] = image.region.size;
  const [xs, ys, zs] = [bins(width, size[0]), bins(height, size[1]), bins(depth, size[2])];
  const fits = (from: number, to: number): boolean =>
    (zs[to - 1]!.end - zs[from]!.first) * width * height <= mostVoxels;
  for (let from = 0, to = 1; from < size[2]; from = to, to = from + 1) {
    while (to < size[2] && fits(from, to + 1)) to++;
    const start = zs[from]!.first;
    const part: Region = {
      start: [0, 0, start],
      size: [width, height, zs[to - 1]!.end - start],
    };
    const data = await readImage(cropImage(image, part), engine);
    const slices = zs.slice(from, to).map((z) => ({ first: z.first - start, end: z.end - start }));
    average(data, [width, height], [xs, ys, slices], out.subarray(from * size[0] * size[1]));
  }
}

/** The input voxels, `[first, end)`, that one output voxel averages along an axis. */
interface Bin {
  readonly first: number;
  readonly end: number;
}

function bins(from: number, to: number): Bin[] {
  return Array.from({ length: to }, (_, i) => ({
    first: Math.floor((i * from) / to),
    end: Math.ceil(((i + 1) * from) / to),
  }));
}

// A local name: looking `Math` up on the global object once per voxel shows in sandboxes.
const { fround } = Math;

/** Sums in float32, x fastest, and divides by the counts along z, y and x, as PyTorch does. */
function average(
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
