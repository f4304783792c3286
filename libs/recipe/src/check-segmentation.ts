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
  return [
    ...checkCascade(recipe),
    ...checkLogits(recipe),
    ...checkSkipOutside(recipe),
    ...checkFlips(recipe),
    ...checkBackground(recipe),
  ];
}

/** Sets of axes that differ in their order alone. */
function checkFlips({ inference: { flips = [] } }: SegmentationRecipe): string[] {
  const sets = flips.map((axes) => [...axes].sort().join());
  return sets.flatMap((axes, i) => {
    const first = sets.indexOf(axes);
    return first === i ? [] : [`inference.flips[${i}] has the axes of flips[${first}]: ${axes}`];
  });
}

function checkBackground({ postprocessing }: SegmentationRecipe): string[] {
  return postprocessing.flatMap((rule, i) =>
    rule.step === 'map-classes' && rule.to[0] !== 0
      ? [
          `postprocessing[${i}] (map-classes).to makes ${rule.to[0]} of class 0, the background, ` +
            'expected 0',
        ]
      : [],
  );
}

function checkSkipOutside({ inference, tensor }: SegmentationRecipe): string[] {
  const { skipOutside } = inference;
  if (skipOutside === undefined || tensor.channels.includes(skipOutside.channel)) return [];
  return [
    `inference.skipOutside.channel is "${skipOutside.channel}", expected one of tensor.channels: ` +
      tensor.channels.join(', '),
  ];
}

function checkCascade({ cascade, preprocessing, tensor }: SegmentationRecipe): string[] {
  if (cascade === undefined) return [];
  const { image } = cascade;
  const faults: string[] = [];
  if (['ct', 'pet'].includes(image)) {
    faults.push(`cascade.image is "${image}", which every case has: give it a name of its own`);
  }
  const used = [...preprocessing.flatMap(imagesOfStep).map(({ name }) => name), ...tensor.channels];
  if (!used.includes(image)) {
    faults.push(`cascade.image is "${image}", but no step and no channel uses it`);
  }
  const oneHot = preprocessing.findIndex(({ step }) => step === 'one-hot');
  preprocessing.forEach((entry, i) => {
    if (entry.step !== 'resample-to-spacing' || (oneHot !== -1 && i > oneHot)) return;
    if (entry.labels?.includes(image) === true) return;
    faults.push(
      `preprocessing[${i}] (resample-to-spacing) would blend the labels of "${image}", expected ` +
        `"labels" to name it`,
    );
  });
  return faults;
}

/** What must hold for logits to go back over the last `resample-to-spacing`. */
function checkLogits({ invert, preprocessing }: SegmentationRecipe): string[] {
  if (invert.logits === undefined) return [];
  const faults: string[] = [];
  if (invert.mode !== 'exact') {
    faults.push(`invert.logits needs the mode "exact", not "${invert.mode}"`);
  }
  const names = preprocessing.map(({ step }): string => step);
  const last = names.lastIndexOf('resample-to-spacing');
  const after = names.findIndex((name, i) => i > last && !KEEP_GRID.includes(name));
  if (last === -1) {
    faults.push('invert.logits needs a step "resample-to-spacing" to go back over, there is none');
  } else if (after !== -1) {
    faults.push(
      `invert.logits goes back over preprocessing[${last}] (resample-to-spacing), but ` +
        `preprocessing[${after}] (${names[after]}) changes the grid after it`,
    );
  }
  return faults;
}
