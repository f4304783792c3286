import { imagesOfStep } from './check-recipe.ts';
import type { SegmentationRecipe } from './segmentation-schema.ts';

/** Steps after which the voxels are still those of the grid before, or more of it. */
const KEEP_GRID = ['pad', 'one-hot', 'ct-normalization', 'scale-intensity', 'z-score', 'min-max'];

/**
 * Faults between the parts of a segmentation recipe.
 *
 * @returns One sentence per fault.
 */
export function checkSegmentation(recipe: SegmentationRecipe): string[] {
  return [...checkCascade(recipe), ...checkLogits(recipe)];
}

function checkCascade({ cascade, preprocessing, tensor }: SegmentationRecipe): string[] {
  if (cascade === undefined) return [];
  const { image } = cascade;
  const used = [...preprocessing.flatMap(imagesOfStep).map(({ name }) => name), ...tensor.channels];
  return [
    ...(['ct', 'pet'].includes(image)
      ? [`cascade.image is "${image}", which every case has: give it a name of its own`]
      : []),
    ...(used.includes(image)
      ? []
      : [
          `the cascade's image "${image}" would be made for nothing: no step and no channel uses it`,
        ]),
  ];
}

/** What must hold for logits to go back over the last `resample-to-spacing`. */
function checkLogits({ invert, preprocessing }: SegmentationRecipe): string[] {
  if (invert.logits === undefined) return [];
  const names = preprocessing.map(({ step }): string => step);
  const last = names.lastIndexOf('resample-to-spacing');
  const after = names.findIndex((name, i) => i > last && !KEEP_GRID.includes(name));
  return [
    ...(invert.mode === 'exact'
      ? []
      : [`invert.logits needs the mode "exact", not "${invert.mode}"`]),
    ...(last === -1
      ? ['invert.logits takes logits back over a step "resample-to-spacing", and there is none']
      : after === -1
        ? []
        : [
            `invert.logits takes logits back over preprocessing[${last}] (resample-to-spacing), but ` +
              `preprocessing[${after}] (${names[after]}) changes the grid after it`,
          ]),
  ];
}
