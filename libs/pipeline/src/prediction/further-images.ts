import { HecktorError } from '@hecktor/errors';
import { constantVolume } from '@hecktor/preprocessing';
import { imagesOfStep } from '@hecktor/recipe';
import type { PredictionRecipe } from '@hecktor/recipe';
import type { CaseImages } from '../segmentation/read-case.ts';
import type { RunContext } from '../segmentation/run-context.ts';
import { isOutside } from './outside-patient.ts';

/**
 * The files to read: CT, PET and every further image that the case has. One that the recipe does not
 * use is read too: a broken file is a broken case, and nobody would learn of it otherwise.
 *
 * @throws HecktorError INPUT_IMAGE_MISSING for an image that the recipe cannot do without.
 */
export function pathsToRead(
  paths: Readonly<Record<string, string>>,
  { inputs = {} }: PredictionRecipe,
  { log }: Pick<RunContext, 'log'>,
): Record<string, string> {
  const { ct = '', pet = '', ...further } = paths;
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (further[name] !== undefined) continue;
    if (absent === 'error') {
      throw new HecktorError('INPUT_IMAGE_MISSING', {
        detail: `no image for ${name}, and by the recipe no case is predicted without one`,
        cause: 'the case has none',
        fix: `add the image, or write "${name}": { "absent": <number> } into the recipe's "inputs"`,
      });
    } else log.info(`no ${name}: the recipe's constant stands in`, { value: absent });
  }
  return { ct, pet, ...further };
}

/** The images that a recipe uses; what else was read is told of and let go. */
export function usedImages(
  images: CaseImages,
  { inputs = {} }: PredictionRecipe,
  { log }: Pick<RunContext, 'log'>,
): CaseImages {
  const isUsed = (name: string): boolean => name === 'ct' || name === 'pet' || name in inputs;
  for (const name of Object.keys(images)) {
    if (!isUsed(name)) log.info(`${name} is there, but the recipe does not use it`);
  }
  return Object.fromEntries(Object.entries(images).filter(([name]) => isUsed(name)));
}

/** Tells of further images that do not reach the patient. */
export function warnOfOutside(images: CaseImages, { log }: Pick<RunContext, 'log'>): void {
  const { ct } = images;
  for (const [name, image] of Object.entries(images)) {
    if (name !== 'pet' && isOutside(image, ct!)) {
      log.warn(`${name} lies outside of the CT: nothing of it reaches the patient`);
    }
  }
}

/**
 * The images that go through the steps: CT, PET, and the further ones that a step or a channel
 * names, each of them read or a constant on the grid of the CT.
 */
export function imagesForSteps(
  images: CaseImages,
  { inputs = {}, preprocessing, tensor }: PredictionRecipe,
): CaseImages {
  const named = new Set<unknown>([
    ...tensor.channels,
    ...preprocessing.flatMap(imagesOfStep).map(({ name }) => name),
  ]);
  const { ct, pet } = images;
  const chosen: CaseImages = { ct: ct!, pet: pet! };
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (!named.has(name)) continue;
    const image = images[name];
    if (image !== undefined) chosen[name] = image;
    else if (absent !== 'error') chosen[name] = constantVolume(absent, ct!);
  }
  return chosen;
}
