import { HecktorError } from '@hecktor/errors';
import { isSameGrid } from '@hecktor/volume';
import type { Grid } from '@hecktor/volume';
import type { TSchema } from 'typebox';
import type { Engine } from '../engine.ts';
import { viewGrid, type ImageView } from '../images/image-view.ts';
import type { StepRecord } from '../invert/step-record.ts';

/** The images between two steps, by name. */
export type Views = ReadonlyMap<string, ImageView>;

/** What a step leaves behind. */
export interface StepResult {
  readonly views: Views;
  readonly record: StepRecord;
}

/** One kind of recipe entry: its schema and what it does. */
export interface Step<Config> {
  readonly schema: TSchema;
  readonly apply: (views: Views, config: Config, engine: Engine) => Promise<StepResult>;
}

/** The view that a step names. Throws RECIPE_INVALID when there is none. */
export function requireView(views: Views, name: string, step: string): ImageView {
  const view = views.get(name);
  if (view === undefined) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `step "${step}" names the image "${name}"; there are ${[...views.keys()].join(', ')}`,
    });
  }
  return view;
}

/** The grid that all images share. Throws RECIPE_INVALID when they do not. */
export function requireCommonGrid(views: Views, step: string): Grid {
  const grid = commonGrid(views);
  if (grid === null) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `step "${step}" needs all images on one grid`,
      fix: 'put a "resample" step before it',
    });
  }
  return grid;
}

/** The grid that all images share, or null. */
export function commonGrid(views: Views): Grid | null {
  const [first, ...others] = [...views.values()].map(viewGrid);
  return first !== undefined && others.every((grid) => isSameGrid(first, grid)) ? first : null;
}

/** The same images, each put through a change. */
export async function mapViews(
  views: Views,
  change: (view: ImageView) => ImageView | Promise<ImageView>,
): Promise<Views> {
  const result = new Map<string, ImageView>();
  for (const [name, view] of views) result.set(name, await change(view));
  return result;
}

/** The same images with one of them replaced. */
export function replaceView(views: Views, view: ImageView): Views {
  return new Map([...views, [view.name, view]]);
}
