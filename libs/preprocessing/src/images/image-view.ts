import { HecktorError } from '@hecktor/errors';
import { voxelCount } from '@hecktor/volume';
import type { Grid, Vec3, Volume } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import type { PointOperation } from '../kernels/point-operation.ts';
import type { Sink } from '../kernels/sink.ts';
import { gridOfRegion, intersect, perAxis, wholeRegion, type Region } from '../region.ts';
import { arrayImage } from './array-image.ts';
import type { Evaluator } from './evaluator.ts';

/** Largest number of voxels of one image held in memory at once: 2^31 - 1. */
const MAX_VOXELS = 2 ** 31 - 1;

/** An image in the middle of preprocessing: crops, pads and point operations wait until needed. */
export interface ImageView {
  readonly name: string;
  readonly evaluator: Evaluator;
  /** The view's box in the evaluator's grid; it may reach beyond it. */
  readonly window: Region;
  /** The box in the evaluator's grid that crops have left; undefined when nothing is left. */
  readonly visible: Region | undefined;
  readonly operations: readonly PointOperation[];
  /** The value beyond the visible box. */
  readonly fill: number;
}

/** A view of a whole image. */
export function createView(name: string, evaluator: Evaluator): ImageView {
  const whole = wholeRegion(evaluator.grid);
  return { name, evaluator, window: whole, visible: whole, operations: [], fill: 0 };
}

/** The grid of a view. */
export function viewGrid(view: ImageView): Grid {
  return gridOfRegion(view.evaluator.grid, view.window);
}

/** The view of a region, given in the view's own voxels. */
export function cropView(view: ImageView, region: Region): ImageView {
  const start = perAxis((a) => view.window.start[a] + region.start[a]);
  const window = { start, size: region.size };
  const visible = view.visible === undefined ? undefined : intersect(window, view.visible);
  return { ...view, window, visible };
}

/** A view with `low` voxels of `fill` before and enough after it to make up `size`. */
export async function padView(
  view: ImageView,
  options: { low: Vec3; size: Vec3; fill: number },
  engine: Engine,
): Promise<ImageView> {
  const base =
    reachesBeyond(view) && view.fill !== options.fill ? await settle(view, engine) : view;
  const start = perAxis((a) => base.window.start[a] - options.low[a]);
  return { ...base, window: { start, size: options.size }, fill: options.fill };
}

/** The view with one more point operation. */
export async function withOperation(
  view: ImageView,
  operation: PointOperation,
  engine: Engine,
): Promise<ImageView> {
  const base = reachesBeyond(view) ? await settle(view, engine) : view;
  return { ...base, operations: [...base.operations, operation] };
}

/** Hands a region of a view without padding, given in its own voxels, to sinks. */
export async function scanView(
  view: ImageView,
  region: Region,
  sinks: readonly Sink[],
  engine: Engine,
): Promise<void> {
  const { window } = cropView(view, region);
  await view.evaluator.evaluate(window, { operations: view.operations, sinks }, engine);
}

/**
 * Works the view out, hands it to sinks on the way, and returns a view of the result. A view of
 * voxels that are there already stays as it is: reading them twice costs less than a copy.
 */
export async function settle(
  view: ImageView,
  engine: Engine,
  sinks: readonly Sink[] = [],
): Promise<ImageView> {
  if (view.evaluator.volume !== undefined && !reachesBeyond(view)) {
    if (sinks.length > 0) await scanView(view, wholeRegion(viewGrid(view)), sinks, engine);
    return view;
  }
  const data = await materialise(view, engine, sinks);
  const volume: Volume<Float32Array> = { ...viewGrid(view), data };
  return createView(view.name, arrayImage(volume, view.name));
}

/** Works the view out into an array of its own. Sinks need a view without padding. */
export async function materialise(
  view: ImageView,
  engine: Engine,
  sinks: readonly Sink[] = [],
): Promise<Float32Array<ArrayBuffer>> {
  const { size, start } = view.window;
  if (voxelCount(view.window) > MAX_VOXELS) {
    throw new HecktorError('OUT_OF_MEMORY', {
      detail: `the image "${view.name}" would have ${size.join(' x ')} voxels`,
      fix: 'crop to a region of interest or use a coarser spacing in the recipe',
    });
  }
  const out = engine.float32(voxelCount(view.window));
  if (view.fill !== 0 && reachesBeyond(view)) out.fill(view.fill);
  const inner = view.visible === undefined ? undefined : intersect(view.window, view.visible);
  if (inner === undefined) return out;
  const at = perAxis((a) => inner.start[a] - start[a]);
  const write: Sink = { kind: 'write', out, size, at };
  const demand = { operations: view.operations, sinks: [write, ...sinks] };
  await view.evaluator.evaluate(inner, demand, engine);
  return out;
}

/** True when a view shows voxels that its image does not have, or no longer has. */
export function reachesBeyond({ window, visible }: ImageView): boolean {
  if (visible === undefined) return true;
  return [0, 1, 2].some((axis) => {
    const a = axis as 0 | 1 | 2;
    const end = window.start[a] + window.size[a];
    return window.start[a] < visible.start[a] || end > visible.start[a] + visible.size[a];
  });
}
