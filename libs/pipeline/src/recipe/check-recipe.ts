import type { PredictionRecipe, SegmentationRecipe } from './recipe-schema.ts';
import { suggestion } from './near-miss.ts';

/** What any step may refer to images by. */
interface NamedEntry {
  step: string;
  image?: unknown;
  source?: unknown;
  outside?: object;
}

/**
 * What a schema cannot say: names in one place that must exist in another.
 *
 * @returns One sentence per fault.
 */
export function checkRecipe(
  recipe: SegmentationRecipe | PredictionRecipe,
  images: readonly string[],
): string[] {
  const faults: string[] = [];
  const known = (name: unknown, place: string): void => {
    if (typeof name !== 'string' || images.includes(name)) return;
    faults.push(
      `${place} is "${name}", expected one of ${images.join(', ')}${suggestion(name, images)}`,
    );
  };
  recipe.tensor.channels.forEach((name, i) => known(name, `tensor.channels[${i}]`));
  recipe.preprocessing.forEach((entry, i) => {
    const { step, image, source, outside } = entry as NamedEntry;
    known(image, `preprocessing[${i}] (${step}).image`);
    known(source, `preprocessing[${i}] (${step}).source`);
    for (const name of Object.keys(outside ?? {})) {
      known(name, `a name in preprocessing[${i}] (${step}).outside`);
    }
  });
  if (recipe.task === 'segmentation' && recipe.models.every(({ weight }) => weight === 0)) {
    faults.push('models have weights that are all 0, expected at least one above 0');
  }
  return faults;
}
