import { normalisedCategory } from '@hecktor/clinical';
import {
  canonicalName,
  DOSE_FEATURE_NAMES,
  MASK_FEATURE_NAMES,
  parseRadiomicsName,
  radiomicsNames,
} from '@hecktor/features';
import { suggestion } from '@hecktor/errors';
import { checkImages, checkSettings, imagesOfStep } from './check-recipe.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkStages } from './check-stages.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { RecipeTask } from './recipe-format.ts';
import { FROM_SEGMENTATION, stagesOf, type Stage } from './stages.ts';

/**
 * What the schema of a prediction recipe cannot say.
 *
 * @param task - Absent: what the recipe is used by is not checked.
 * @returns One sentence per fault.
 */
export function checkPrediction(recipe: PredictionRecipe, task?: RecipeTask): string[] {
  const stages = stagesOf(recipe);
  const optional = Object.keys(recipe.inputs ?? {});
  const faults = [
    ...stages.flatMap((stage) => checkImages(stage, task, optional)),
    ...checkSettings(recipe),
    ...checkStages(recipe, stages, task),
    ...stages.flatMap((stage) => checkFeatures(stage, recipe)),
    ...(task === undefined ? [] : checkInputs(recipe, task)),
    ...checkOutputs(recipe, stages, task),
    ...checkUse(recipe, stages),
    ...checkRadiomics(recipe, stages),
  ];
  // Stages share what the recipe says of the images.
  return [...new Set(faults)];
}

/** How messages name the place of a stage; nothing in a recipe that is one itself. */
function placeOf({ name }: Stage): string {
  return name === '' ? '' : `stage "${name}": `;
}

function checkInputs({ inputs = {} }: PredictionRecipe, task: RecipeTask): string[] {
  const faults: string[] = [];
  const images = task.inputs.filter(({ kind }) => kind === 'image');
  const optional = images.filter((input) => input.optional === true).map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (optional.includes(name)) continue;
    const isAlways = images.some((image) => image.name === name);
    const fault = isAlways
      ? `every case of ${task.name} has`
      : `${task.name} never gets${suggestion(name, optional)}`;
    faults.push(`inputs has "${name}", which ${fault}`);
  }
  return faults;
}

/** What is declared and used by nothing. */
function checkUse(recipe: PredictionRecipe, stages: readonly Stage[]): string[] {
  const { inputs = {}, segmentation, outputs = {} } = recipe;
  const faults: string[] = [];
  const features = stages.flatMap((stage) => stage.features);
  const isOutput = Object.values(outputs).includes(FROM_SEGMENTATION);
  if (segmentation !== undefined && !isOutput && !features.some(({ of }) => isComputed(of))) {
    faults.push(
      '"segmentation" would run for nothing: no feature is a mask.*, dose.* or radiomics.* one',
    );
  }
  const used = new Set<unknown>([
    ...stages.flatMap(({ tensor }) => tensor?.channels ?? []),
    ...stages
      .flatMap(({ preprocessing }) => preprocessing.flatMap(imagesOfStep))
      .map(({ name }) => name),
    ...(features.some(({ of }) => of.startsWith('dose.')) ? [DOSE_IMAGE] : []),
    ...Object.values(recipe.radiomics ?? {}).map(({ image }) => image),
  ]);
  for (const [name, { absent }] of Object.entries(inputs)) {
    if (!used.has(name)) {
      faults.push(`inputs has "${name}", but no channel, step or feature uses it`);
    }
    if (absent !== 'error' && !Number.isFinite(Math.fround(absent))) {
      faults.push(`inputs.${name}.absent is ${absent}, which float32 cannot hold`);
    }
  }
  return faults;
}

/** Faults of the feature vector that its schema cannot say, but for answers of other stages. */
function checkFeatures(stage: Stage, recipe: PredictionRecipe): string[] {
  const { inputs = {}, segmentation } = recipe;
  const faults: string[] = [];
  const seen = new Set<string>();
  stage.features.forEach((feature, i) => {
    const { encode, of } = feature;
    const place = `${placeOf(stage)}features[${i}] (${encode})`;
    const key = `${encode} ${of}`;
    if (seen.has(key)) faults.push(`${place} of "${of}" is there twice`);
    seen.add(key);
    if (feature.encode === 'one-hot') faults.push(...checkCategories(feature, place));
    faults.push(...checkRange(feature, place));
    if (!isComputed(of)) {
      const meant = measureEndingIn(of, recipe);
      if (meant !== undefined) {
        faults.push(
          `${place}.of is "${of}", which is no field of the record (did you mean "${meant}"?)`,
        );
      }
      return;
    }
    const fault = of.startsWith(RADIOMICS) ? radiomicsFault(of, recipe) : nameFault(of);
    if (fault !== undefined) faults.push(`${place}.of is "${of}", ${fault}`);
    if (segmentation === undefined) {
      faults.push(`${place}.of is "${of}", which needs "segmentation" in the recipe`);
    }
    if (of.startsWith('dose.') && inputs[DOSE_IMAGE] === undefined) {
      faults.push(`${place}.of is "${of}", which needs "${DOSE_IMAGE}" among "inputs"`);
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

/** The image that the features `dose.*` are measured in. */
export const DOSE_IMAGE = 'rt-dose';

/** How the names of radiomics features begin. */
const RADIOMICS = 'radiomics.';

/** The share of a target that gets at least so many Gy. */
const VOLUME_AT = /^(dose\.(?:GTVp|GTVn|GTV)\.V)(\d+(?:\.\d+)?)$/;

/** Whether a feature is worked out from images, by its name. */
export function isComputed(of: string): boolean {
  return of.startsWith('mask.') || of.startsWith('dose.') || of.startsWith(RADIOMICS);
}

/** The computed feature that a column of training's table was, where only its last part is there. */
function measureEndingIn(of: string, { radiomics = {} }: PredictionRecipe): string | undefined {
  const measures = [...MASK_FEATURE_NAMES, ...DOSE_FEATURE_NAMES];
  const isMeant = (name: string): boolean => /^[^.]+\.[^.]+\.(.+)$/.exec(name)?.[1] === of;
  const found = measures.filter(isMeant);
  const whole = found.find((name) => name.split('.')[1] === 'GTV');
  if (found.length > 0) return whole ?? found[0];
  const entries = Object.entries(radiomics).map(([name, { params = {} }]) => ({ name, params }));
  const images = entries.length > 0 ? entries : [{ name: 'pet', params: {} }];
  const image = images.find(({ params }) => radiomicsNames(params).includes(canonicalName(of)));
  return image && `${RADIOMICS}${image.name}.GTVp.${of}`;
}

/** What is wrong with the name of a radiomics feature, as the end of a sentence. */
function radiomicsFault(of: string, { radiomics = {} }: PredictionRecipe): string | undefined {
  const parts = parseRadiomicsName(of);
  if (parts === undefined) {
    return 'expected "radiomics.<name>.<GTVp, GTVn or GTV>[#<lesion>].<feature of PyRadiomics>"';
  }
  const { entry, feature } = parts;
  if (!Object.hasOwn(radiomics, entry)) {
    return `but "radiomics" has no "${entry}"${suggestion(entry, Object.keys(radiomics))}`;
  }
  const known = radiomicsNames(radiomics[entry]!.params ?? {});
  const wanted = canonicalName(feature);
  if (known.includes(wanted)) return undefined;
  return `which radiomics.${entry}.params does not ask for${suggestion(wanted, known)}`;
}

function checkRadiomics(
  { radiomics = {}, inputs = {} }: PredictionRecipe,
  stages: readonly Stage[],
): string[] {
  const features = stages.flatMap((stage) => stage.features);
  const images = ['ct', 'pet', ...Object.keys(inputs)];
  const used = new Set(features.map(({ of }) => parseRadiomicsName(of)?.entry));
  return Object.entries(radiomics).flatMap(([name, { image, grid, interpolation, params }]) => [
    ...(images.includes(image)
      ? []
      : [`radiomics.${name}.image is "${image}", expected one of ${images.join(', ')}`]),
    ...(used.has(name) ? [] : [`radiomics has "${name}", but no feature uses it`]),
    ...(interpolation !== undefined && grid !== 'mask'
      ? [`radiomics.${name}.interpolation needs "grid": "mask"`]
      : []),
    ...(params?.imageType?.LoG !== undefined &&
    (params.imageType.LoG?.sigma ?? params.setting?.sigma ?? []).length === 0
      ? [`radiomics.${name}.params.imageType.LoG needs "sigma", e.g. { "sigma": [2.0] }`]
      : []),
  ]);
}

/** What is wrong with the name of a computed feature, as the end of a sentence. */
export function nameFault(of: string): string | undefined {
  const known = [...MASK_FEATURE_NAMES, ...DOSE_FEATURE_NAMES];
  if (known.includes(of)) return undefined;
  const [, start, gray] = VOLUME_AT.exec(of) ?? [];
  if (gray === undefined) return `which is no computed feature${suggestion(of, known)}`;
  const plain = `${start}${Number(gray)}`;
  return plain === of ? undefined : `expected "${plain}"`;
}

/** The doses in Gy for which `dose.<target>.V<Gy>` is wanted. */
export function doseThresholds(names: readonly string[]): number[] {
  const found = names.flatMap((name) => {
    const gray = VOLUME_AT.exec(name)?.[2];
    return gray === undefined ? [] : [Number(gray)];
  });
  return [...new Set(found)];
}
