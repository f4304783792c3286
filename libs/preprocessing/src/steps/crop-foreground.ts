import { HecktorError } from '@hecktor/errors';
import { Type } from 'typebox';
import { addForeground, boundingBox, emptyBounds } from '@hecktor/volume';
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
    const box = boundingBox(found, before.size, [margin, margin, margin]);
    if (box === undefined) {
      throw new HecktorError('NO_FOREGROUND', {
        detail: `no voxel of the image "${name}" lies above ${above} where it was cropped to`,
      });
    }
    return cropTo(replaceImage(images, image), before, box, step);
  },
};
