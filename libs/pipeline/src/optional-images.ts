import { HecktorError } from '@hecktor/errors';
import { constantVolume } from '@hecktor/preprocessing';
import { imagesOfStep, type PredictionRecipe } from '@hecktor/recipe';
import type { ImageRecipe } from './prepare-case.ts';
import type { CaseImage, CaseImages, CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';
import { isOutside } from './overlap.ts';

/**
 * Logs which optional images of a recipe a case lacks. Those that it has and the recipe does not use
 * are read too: a broken file is a broken case, and nobody would learn of it otherwise.
 *
 * @throws HecktorError INPUT_IMAGE_MISSING for an image that the recipe cannot do without.
 */
export function checkOptionalImages(
  paths: CasePaths,
  { inputs = {} }: PredictionRecipe,
  { log }: Pick<RunContext, 'log'>,
): void {
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (paths[name] !== undefined) continue;
    if (absent === 'error') {
      throw new HecktorError('INPUT_IMAGE_MISSING', {
        detail: `no image for ${name}, and by the recipe no case is predicted without one`,
        cause: 'the case has none',
        fix: `add the image, or write "${name}": { "absent": <number> } into the recipe's "inputs"`,
      });
    }
    log.info(`no ${name}: the recipe's constant stands in`, { value: absent });
  }
}

/** The images that a recipe uses; others are logged and released. */
export function usedImages(
  { ct, pet, ...optional }: CaseImages,
  { inputs = {} }: PredictionRecipe,
  { log }: Pick<RunContext, 'log'>,
): CaseImages {
  const used = Object.entries(optional).filter(([name, image]) => {
    if (image === undefined) return false;
    if (!(name in inputs)) log.info(`${name} is there, but the recipe does not use it`);
    else if (isOutside(image, ct)) {
      log.warn(`${name} lies outside of the CT: nothing of it reaches the patient`);
    }
    return name in inputs;
  });
  return { ct, pet, ...Object.fromEntries(used) };
}

/**
 * The images that go through the steps: CT, PET, and the optional ones that a step or a channel
 * names, each of them read or a constant on the grid of the CT.
 */
export function imagesForSteps(
  { ct, pet, ...optional }: CaseImages,
  { inputs = {} }: Pick<PredictionRecipe, 'inputs'>,
  { preprocessing, tensor }: ImageRecipe,
): CaseImages {
  const named = new Set<unknown>([
    ...tensor.channels,
    ...preprocessing.flatMap(imagesOfStep).map(({ name }) => name),
  ]);
  const chosen: Record<string, CaseImage> = {};
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (!named.has(name)) continue;
    const image = optional[name];
    if (image !== undefined) chosen[name] = image;
    else if (absent !== 'error') chosen[name] = constantVolume(absent, ct);
  }
  return { ct, pet, ...chosen };
}
