import { suggestion } from '@hecktor/errors';
import type { StepConfig } from '@hecktor/preprocessing';
import type { EngineSettings } from './common-schema.ts';
import type { RecipeTask } from './recipe-format.ts';

/** The images that every case of the challenge has. */
const ALWAYS = ['ct', 'pet'];

/** What makes images a tensor. */
interface ImageLayout {
  readonly preprocessing: readonly StepConfig[];
  readonly tensor?: { readonly channels: readonly string[] };
}

/** What recipes of every kind are checked for beside their images and models. */
interface Settings {
  readonly inference?: EngineSettings;
  readonly onFailure?: string;
  readonly fallback?: object;
}

/** What any step may refer to images by. */
interface NamedEntry {
  step: string;
  image?: unknown;
  source?: unknown;
  outside?: object;
  images?: readonly unknown[];
  box?: readonly unknown[];
  mask?: string;
  labels?: readonly unknown[];
}

/** The steps whose key `mask` names an image that they make. */
const MAKES_MASK = 'crop-nonzero';

/** A name of an image and where it stands. */
interface ImageName {
  readonly name: unknown;
  readonly place: string;
}

/** The names of images in a step, each with its place. */
export function imagesOfStep(entry: StepConfig): ImageName[] {
  const { step, image, source, outside, images, box, mask, labels } = named(entry);
  return [
    { name: image, place: `(${step}).image` },
    { name: source, place: `(${step}).source` },
    ...(images ?? []).map((name, i) => ({ name, place: `(${step}).images[${i}]` })),
    ...(box ?? []).map((name, i) => ({ name, place: `(${step}).box[${i}]` })),
    ...Object.keys(outside ?? {}).map((name) => ({ name, place: `(${step}).outside` })),
    ...(step === MAKES_MASK ? [] : [{ name: mask, place: `(${step}).mask` }]),
    // The labels of other steps are numbers.
    ...(labels ?? []).flatMap((name, i) =>
      typeof name === 'string' ? [{ name, place: `(${step}).labels[${i}]` }] : [],
    ),
  ];
}

function named(entry: StepConfig): NamedEntry {
  // Every step has a type of its own; whatever refers to images does so by one of these keys.
  return entry as unknown as NamedEntry;
}

/** The names of the images after a step. */
function imagesAfter(images: readonly string[], entry: StepConfig): readonly string[] {
  const { step, image, mask, labels = [] } = named(entry);
  if (step === MAKES_MASK && mask !== undefined) return [...images, mask];
  if (step !== 'one-hot') return images;
  const others = images.filter((name) => name !== image);
  return [...others, ...labels.map((label) => `${String(image)}-${String(label)}`)];
}

/** Names of images in steps and channels that no case has. */
function checkImageNames(
  layout: ImageLayout,
  given: readonly string[],
  looks: readonly ImageName[],
): string[] {
  const faults: string[] = [];
  let images = given;
  const known = (name: unknown, place: string): void => {
    if (typeof name !== 'string' || images.includes(name)) return;
    faults.push(
      `${place} is "${name}", expected one of ${images.join(', ')}${suggestion(name, images)}`,
    );
  };
  for (const { name, place } of looks) known(name, place);
  layout.preprocessing.forEach((entry, i) => {
    for (const { name, place } of imagesOfStep(entry)) {
      const isKey = place.endsWith('.outside');
      known(name, `${isKey ? 'a name in ' : ''}preprocessing[${i}] ${place}`);
    }
    const { step, mask } = named(entry);
    if (step === MAKES_MASK && mask !== undefined && images.includes(mask)) {
      faults.push(
        `preprocessing[${i}] (${step}).mask is "${mask}", an image that is there already: give it a ` +
          'name of its own',
      );
    }
    images = imagesAfter(images, entry);
  });
  layout.tensor?.channels.forEach((name, i) => known(name, `tensor.channels[${i}]`));
  return faults;
}

/** Ranges that run backwards: every voxel would get the same value. */
function checkRanges({ preprocessing }: ImageLayout): string[] {
  return preprocessing.flatMap((entry, i) =>
    entry.step === 'ct-normalization' && entry.lower > entry.upper
      ? [
          `preprocessing[${i}] (ct-normalization).lower is ${entry.lower}, above its upper, ` +
            `${entry.upper}`,
        ]
      : [],
  );
}

/**
 * Faults of steps and channels that no schema can say: images that no case has, ranges that run
 * backwards.
 *
 * @param optional - Names of the images that the recipe declares beyond those of every case.
 * @param looks - Names of images of the case outside of steps and channels.
 * @returns One sentence per fault.
 */
export function checkImages(
  layout: ImageLayout,
  task: RecipeTask | undefined,
  optional: readonly string[] = [],
  looks: readonly ImageName[] = [],
): string[] {
  const always = task?.inputs
    .filter((input) => input.kind === 'image' && input.optional !== true)
    .map(({ name }) => name);
  const names = checkImageNames(layout, [...(always ?? ALWAYS), ...optional], looks);
  return [...names, ...checkRanges(layout)];
}

/**
 * Weights of an ensemble that have no mean.
 *
 * @returns One sentence per fault.
 */
export function checkWeights(models: readonly { readonly weight?: number }[]): string[] {
  const faults: string[] = [];
  if (models.length > 0 && models.every(({ weight }) => weight === 0)) {
    faults.push('models have weights that are all 0, expected at least one above 0');
  }
  if (!Number.isFinite(models.reduce((sum, { weight = 1 }) => sum + weight, 0))) {
    faults.push('models have weights whose sum is infinite, expected weights near 1');
  }
  return faults;
}

/**
 * Settings of any recipe that only make sense together.
 *
 * @returns One sentence per fault.
 */
export function checkSettings({
  inference: { engine, precision = 'float32' } = {},
  onFailure = 'error',
  fallback,
}: Settings): string[] {
  const faults: string[] = [];
  if (precision !== 'float32' && engine !== 'openvino') {
    faults.push(`inference.precision is "${precision}", which needs the engine "openvino"`);
  }
  if (onFailure === 'fallback' && fallback === undefined) {
    faults.push('onFailure is "fallback", but the recipe has no "fallback" that says the answer');
  } else if (onFailure !== 'fallback' && fallback !== undefined) {
    faults.push(
      'the recipe has a "fallback", but onFailure is not "fallback": it would never be used',
    );
  }
  return faults;
}
