import { HecktorError } from '@hecktor/errors';
import { gridOfRegion, isSameGrid, voxelCount } from '@hecktor/volume';
import type { Grid, Region, Vec3 } from '@hecktor/volume';
import { Type } from 'typebox';
import type { Static, TProperties, TSchema } from 'typebox';
import type { Engine } from '../engine.ts';
import type { StepRecord } from '../invert/step-record.ts';
import { cropImage, gridOf, type LazyImage } from '../lazy-image.ts';

/** The images between two steps, by name. */
export type LazyImages = ReadonlyMap<string, LazyImage>;

/** What a step leaves behind. */
export interface StepResult {
  readonly images: LazyImages;
  readonly record: StepRecord;
}

/** One kind of recipe entry: its schema and what it does. */
export interface Step<S extends TSchema> {
  readonly schema: S;
  readonly apply: (images: LazyImages, config: Static<S>, engine: Engine) => Promise<StepResult>;
}

/** Schema of a vector in voxels along x, y, z. */
export function voxelVector(description: string, minimum = 1) {
  const part = Type.Integer({ minimum });
  return Type.Tuple([part, part, part], { description });
}

/** Schema of the name of an image. */
export function imageName(description: string) {
  return Type.String({ minLength: 1, description });
}

/**
 * Schema of a recipe entry; keys it does not know are refused. What has a default may be left out
 * of a recipe; in the static type it is there, because defaults are filled in before a step runs.
 */
export function stepSchema<const Name extends string, Properties extends TProperties>(
  name: Name,
  description: string,
  properties: Properties,
) {
  const step = Type.Literal(name, { description: 'Selects this step.' });
  const schema = Type.Object(
    { step, ...properties },
    { title: name, description, additionalProperties: false },
  );
  const required = [
    'step',
    ...Object.keys(properties).filter(
      (key) => !hasDefault(properties[key]) && !Type.IsOptional(properties[key]),
    ),
  ];
  return Object.assign(schema, { required });
}

function hasDefault(schema: object | undefined): boolean {
  return schema !== undefined && 'default' in schema;
}

/** The image that a step names. Throws RECIPE_INVALID when there is none. */
export function requireImage(images: LazyImages, name: string, step: string): LazyImage {
  const image = images.get(name);
  if (image === undefined) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `step "${step}" names the image "${name}"; there are ${[...images.keys()].join(', ')}`,
    });
  }
  return image;
}

/** The grid that all images share; without a step after all of them. Throws RECIPE_INVALID when they do not. */
export function requireCommonGrid(images: LazyImages, step?: string): Grid {
  const grid = commonGrid(images);
  if (grid === null) {
    const needs = step === undefined ? 'the tensor' : `step "${step}"`;
    throw new HecktorError('RECIPE_INVALID', {
      detail: `${needs} needs all images on one grid`,
      fix: 'put a "resample" step before it',
    });
  }
  return grid;
}

/** The grid that all images share, or null. */
export function commonGrid(images: LazyImages): Grid | null {
  const [first, ...others] = [...images.values()].map(gridOf);
  return first !== undefined && others.every((grid) => isSameGrid(first, grid)) ? first : null;
}

/** Voxels that an array of float32 may have: larger ones cannot be allocated everywhere. */
const MOST_VOXELS = 2 ** 29;

/** Throws RECIPE_INVALID when a step asks for images larger than an array can hold. */
export function assertHoldable(size: Vec3, before: Vec3, step: string): void {
  const count = voxelCount({ size });
  if (count <= MOST_VOXELS) return;
  throw new HecktorError('RECIPE_INVALID', {
    detail: `step "${step}" makes ${size.join(' x ')} voxels of ${before.join(' x ')}, ${((4 * count) / 2 ** 30).toFixed(1)} GiB for each image; at most ${(4 * MOST_VOXELS) / 2 ** 30} GiB can be held`,
    fix: 'choose a smaller size in the recipe',
  });
}

/** The same images, each put through a change. */
export async function mapImages(
  images: LazyImages,
  change: (image: LazyImage) => LazyImage | Promise<LazyImage>,
): Promise<LazyImages> {
  const result = new Map<string, LazyImage>();
  for (const [name, image] of images) result.set(name, await change(image));
  return result;
}

/** The same images with one of them replaced. */
export function replaceImage(images: LazyImages, image: LazyImage): LazyImages {
  return new Map([...images, [image.name, image]]);
}

/** Crops all images to a region of their common grid and records it. */
export async function cropTo(
  images: LazyImages,
  before: Grid,
  region: Region,
  step: string,
): Promise<StepResult> {
  const cropped = await mapImages(images, (image) => cropImage(image, region));
  const after = gridOfRegion(before, region);
  return { images: cropped, record: { kind: 'crop', step, before, after, start: region.start } };
}
