import { HecktorError } from '@hecktor/errors';
import {
  addForeground,
  boundingBox,
  componentRuns,
  copyBox,
  emptyBounds,
  gridOfRegion,
  voxelCount,
} from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import { Type } from 'typebox';
import { arrayImage, loadImage, visitSlabs } from '../lazy-image.ts';
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
  'crop-nonzero',
  "nnU-Net's `crop_to_nonzero`: cuts all images to the bounding box of the voxels that are not 0 in at least one of some images. A CT padded with 0 is cut, one with air at -1000 is not.",
  {
    images: Type.Optional(
      Type.Array(imageName('An image that is looked at.'), {
        minItems: 1,
        uniqueItems: true,
        description:
          'The images that are looked at: the channels of the network; all when left out.',
      }),
    ),
    mask: Type.Optional(
      imageName(
        'Adds an image of this name: 1 in these voxels and in the holes among them that do not reach the border (`binary_fill_holes`, in 3-D), else 0. For "z-score" of channels with `use_mask_for_norm`.',
      ),
    ),
  },
);

/** Crops all images to where any of them is not zero. */
export const cropNonzeroStep: Step<typeof schema> = {
  schema,
  async apply(given, { step, images: names = [...given.keys()], mask }, engine) {
    const before = requireCommonGrid(given, step);
    const [width, height] = before.size;
    const nonzero = mask === undefined ? undefined : new Uint8Array(voxelCount(before));
    const found = emptyBounds();
    let images = given;
    for (const name of names) {
      const image = await loadImage(requireImage(images, name, step), engine);
      images = replaceImage(images, image);
      await visitSlabs(image, engine, (values, z) => {
        const start = z * width * height;
        const marks =
          nonzero?.subarray(start, start + values.length) ?? new Uint8Array(values.length);
        markNonzero(values, marks);
        addForeground(marks, before.size, z, 0, found);
      });
    }
    const box = boundingBox(found, before.size);
    if (box === undefined) {
      throw new HecktorError('NO_FOREGROUND', {
        detail: `every voxel of ${names.join(', ')} is 0 where it was cropped to`,
      });
    }
    const cropped = await cropTo(images, before, box, step);
    if (mask === undefined || nonzero === undefined) return cropped;
    const whole = { data: nonzero, size: before.size };
    const data = copyBox(whole, box, new Uint8Array(voxelCount(box)));
    fillHolesInPlace(data, box.size);
    const image = arrayImage(mask, { ...gridOfRegion(before, box), data });
    return { ...cropped, images: replaceImage(cropped.images, image) };
  },
};

function markNonzero(values: Float32Array, nonzero: Uint8Array): void {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) nonzero[i] = 1;
}

/** Sets the voxels that are 0 and, by shared faces, not connected to the border. */
function fillHolesInPlace(mask: Uint8Array, [nx, ny, nz]: Vec3): void {
  const { count, starts, ends, labels } = componentRuns(mask, [nx, ny, nz], 0, 6);
  const open = new Uint8Array(count + 1);
  for (let run = 0; run < starts.length; run++) {
    const line = Math.floor(starts[run]! / nx);
    const [y, z] = [line % ny, Math.floor(line / ny)];
    const atEnd = starts[run] === line * nx || ends[run] === (line + 1) * nx;
    if (atEnd || y === 0 || y === ny - 1 || z === 0 || z === nz - 1) open[labels[run]!] = 1;
  }
  for (let run = 0; run < starts.length; run++) {
    if (open[labels[run]!] === 0) mask.fill(1, starts[run], ends[run]);
  }
}
