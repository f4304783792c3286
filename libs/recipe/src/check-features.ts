import { normalisedCategory } from '@hecktor/clinical';
import { isComputed, nameFault } from './computed-features.ts';
import type { PredictionRecipe } from './prediction-schema.ts';

/**
 * Faults of the feature vector that its schema cannot say.
 *
 * @returns One sentence per fault.
 */
export function checkFeatures(recipe: PredictionRecipe): string[] {
  const { features = [], inputs = {}, segmentation } = recipe;
  const faults: string[] = [];
  const seen = new Set<string>();
  features.forEach((feature, i) => {
    const { encode, of } = feature;
    const place = `features[${i}] (${encode})`;
    const key = `${encode} ${of}`;
    if (seen.has(key)) faults.push(`${place} of "${of}" is there twice`);
    seen.add(key);
    if (feature.encode === 'one-hot') faults.push(...checkCategories(feature, place));
    faults.push(...checkRange(feature, place));
    if (!isComputed(of)) return;
    const fault = nameFault(of);
    if (fault !== undefined) faults.push(`${place}.of is "${of}", ${fault}`);
    if (segmentation === undefined) {
      faults.push(`${place}.of is "${of}", which needs "segmentation" in the recipe`);
    }
    if (of.startsWith('dose.') && inputs['rt-dose'] === undefined) {
      faults.push(`${place}.of is "${of}", which needs "rt-dose" among "inputs"`);
    }
  });
  return faults;
}

/** Categories that no value can tell apart. */
function checkCategories(
  feature: { readonly categories: readonly string[]; readonly numbers?: string },
  place: string,
): string[] {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const category of feature.categories) {
    const text = feature.numbers === 'normalised' ? normalisedCategory(category) : category;
    const twin = seen.get(text);
    if (twin !== undefined)
      faults.push(`${place} has the categories "${twin}" and "${category}", which are one`);
    seen.set(text, category);
  }
  return faults;
}

/** The range of training of a number, where its encoder states one. */
function checkRange(feature: object, place: string): string[] {
  const { range } = feature as { readonly range?: readonly number[] };
  if (range === undefined || range[0]! < range[1]!) return [];
  return [`${place}.range is ${JSON.stringify(range)}, expected the lower bound first`];
}
