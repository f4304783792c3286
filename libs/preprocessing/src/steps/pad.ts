import { Type } from 'typebox';
import type { Static } from 'typebox';
import { voxelCount } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import { gridOfRegion, perAxis, type Region } from '../region.ts';
import { arrayImage, readImage } from '../lazy-image.ts';
import {
  assertHoldable,
  mapImages,
  requireCommonGrid,
  stepSchema,
  voxelVector,
  type Step,
} from './step.ts';

export const PAD_SCHEMA = stepSchema(
  'pad',
  'Adds voxels until the images have at least a size. Axes that are long enough stay as they are.',
  {
    size: voxelVector('Least size in voxels along x, y, z.'),
    at: Type.Union([Type.Literal('end'), Type.Literal('both')], {
      description:
        '"end" adds all voxels after the last one; "both" adds half before (rounded down) and the rest after.',
      default: 'end',
    }),
    value: Type.Number({ description: 'Value of the voxels that are added.', default: 0 }),
  },
);

export type PadConfig = Static<typeof PAD_SCHEMA>;

/** Pads all images. */
export const padStep: Step<PadConfig> = {
  schema: PAD_SCHEMA,
  async apply(images, { step, size: least, at, value }, engine) {
    const before = requireCommonGrid(images, step);
    const size = perAxis((a) => Math.max(before.size[a], least[a]!));
    const low = perAxis((a) => (at === 'both' ? Math.floor((size[a] - before.size[a]) / 2) : 0));
    const after = gridOfRegion(before, { start: perAxis((a) => -low[a]), size });
    const record = { kind: 'pad', step, before, after, low } as const;
    if (size.every((n, a) => n === before.size[a])) return { images, record };
    assertHoldable(size, before.size, step);
    const padded = await mapImages(images, async (image) => {
      const data = await readImage(image, engine);
      const out = engine.float32(voxelCount(after));
      if (value !== 0) out.fill(value);
      pasteBox(data, { start: low, size: before.size }, size, out);
      return arrayImage(image.name, { ...after, data: out });
    });
    return { images: padded, record };
  },
};

/** Copies the voxels of a box to where it lies in a volume of `size` voxels. */
function pasteBox(data: Float32Array, box: Region, size: Vec3, out: Float32Array): void {
  const [nx, ny, nz] = box.size;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = nx * (y + ny * z);
      const to = box.start[0] + size[0] * (box.start[1] + y + size[1] * (box.start[2] + z));
      out.set(data.subarray(from, from + nx), to);
    }
  }
}
