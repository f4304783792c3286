import { Type } from 'typebox';
import { arrayImage, gridOf, readImage } from '../lazy-image.ts';
import { imageName, requireImage, stepSchema, type Step } from './step.ts';

const schema = stepSchema(
  'one-hot',
  'Replaces an image of labels by one image for each label, 1 where it is and else 0, named "<image>-<label>": how nnU-Net\'s cascade hands on the segmentation of the stage before.',
  {
    image: imageName('The image of labels.'),
    labels: Type.Array(Type.Integer(), {
      minItems: 1,
      uniqueItems: true,
      description: 'The labels that get an image.',
    }),
  },
);

/** Makes a mask of each label. */
export const oneHotStep: Step<typeof schema> = {
  schema,
  async apply(images, { step, image: name, labels }, engine) {
    const image = requireImage(images, name, step);
    const values = await readImage(image, engine);
    const changed = new Map(images);
    changed.delete(name);
    for (const label of labels) {
      const mask = Uint8Array.from(values, (value) => (value === label ? 1 : 0));
      const name = `${image.name}-${label}`;
      changed.set(name, arrayImage(name, { ...gridOf(image), data: mask }));
    }
    return { images: changed, record: { kind: 'intensity', step, image: name, found: {} } };
  },
};
