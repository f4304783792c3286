import { HecktorError } from '@hecktor/errors';
import { Type } from 'typebox';
import type { Vec3 } from '@hecktor/volume';
import { perAxis, type Region } from '../region.ts';
import { loadImage, visitSlabs } from '../lazy-image.ts';
import {
  cropTo,
  imageName,
  replaceImage,
  requireCommonGrid,
  requireImage,
  stepSchema,
  type Step,
} from './step.ts';

const schema = stepSchema(
  'crop-foreground',
  'Cuts all images to the bounding box of the voxels of one image that lie above a value.',
  {
    image: imageName('The image that is searched, as the steps before have left it.'),
    above: Type.Number({ description: 'Voxels above this value are foreground.', default: 0 }),
    margin: Type.Integer({
      description: 'Voxels added on every side, as far as the image reaches.',
      minimum: 0,
      default: 0,
    }),
  },
);

/** Crops all images to the foreground of one of them. */
export const cropForegroundStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, above, margin }, engine) {
    const before = requireCommonGrid(images, step);
    const image = await loadImage(requireImage(images, name, step), engine);
    const found = emptyBounds();
    await visitSlabs(image, engine, (values, z) =>
      addForeground(values, before.size, z, above, found),
    );
    const box = boundingBox(found, before.size, margin);
    if (box === undefined) {
      throw new HecktorError('NO_FOREGROUND', {
        detail: `no voxel of the image "${name}" lies above ${above} where it was cropped to`,
      });
    }
    return cropTo(replaceImage(images, image), before, box, step);
  },
};

/** First and last foreground voxel along x, y, z. */
export interface Bounds {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

export function emptyBounds(): Bounds {
  return { low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] };
}

/** Widens the bounds by the foreground of some slices, the first of which is slice `z`. */
export function addForeground(
  values: Float32Array | Uint8Array,
  [width, height]: Vec3,
  z: number,
  above: number,
  { low, high }: Bounds,
): void {
  for (let row = 0; row * width < values.length; row++) {
    const at = row * width;
    let first = 0;
    while (first < width && !(values[at + first]! > above)) first++;
    if (first === width) continue;
    let last = width - 1;
    while (!(values[at + last]! > above)) last--;
    const voxel = [row % height, z + Math.floor(row / height)] as const;
    low[0] = Math.min(low[0], first);
    high[0] = Math.max(high[0], last);
    low[1] = Math.min(low[1], voxel[0]);
    high[1] = Math.max(high[1], voxel[0]);
    low[2] = Math.min(low[2], voxel[1]);
    high[2] = Math.max(high[2], voxel[1]);
  }
}

/** The box of the bounds and a margin around it, as far as the image reaches. */
export function boundingBox({ low, high }: Bounds, size: Vec3, margin: number): Region | undefined {
  if (high[2] < 0) return undefined;
  const start = perAxis((a) => Math.max(low[a] - margin, 0));
  return { start, size: perAxis((a) => Math.min(high[a] + margin + 1, size[a]) - start[a]) };
}
