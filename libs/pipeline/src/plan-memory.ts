import { layOutRows } from '@hecktor/inference';
import { modelMemory } from '@hecktor/onnx';
import { boundSize } from '@hecktor/preprocessing';
import type { EngineSettings, LoadedRecipe, SegmentationRecipe } from '@hecktor/recipe';
import { memoryLimit } from '@hecktor/runtime';
import {
  assertFits,
  BUFFERS,
  bytesOf,
  gridsOf,
  mebibytes,
  networkBytes,
  SCRATCH,
  total,
  worst,
  type MemoryParts,
} from './memory-parts.ts';
import type { ImageRecipe } from './prepare-case.ts';
import type { CaseImages } from './read-case.ts';
import type { RunContext } from './run-context.ts';

/** How a case is worked, and what that is going to take. */
export interface MemoryPlan {
  /**
   * `whole`: tensor and logits are there as a whole. `slabs`: some planes of them, for each network
   * by itself, which gives the same labels. `joint-slabs`: the networks add into the same planes.
   */
  readonly way: 'whole' | 'slabs' | 'joint-slabs';
  /** Bytes at the peak, by what takes them. */
  readonly parts: MemoryParts;
}

/** Share of the limit that a prediction may come to before another way is looked for. */
const COMFORTABLE = 0.9;
/** Bytes of tensor and logits from which slabs are taken although there would be memory. */
const MOST_HELD = 2 ** 31;

/**
 * Predicts what a segmentation takes at its peak, from the recipe, the grids of the images and the
 * networks' files, and chooses the first way that fits.
 *
 * @param limit - Bytes; default: what this process is granted.
 * @throws HecktorError OUT_OF_MEMORY when none does.
 */
export function planMemory(
  images: CaseImages,
  loaded: Pick<LoadedRecipe<'segmentation'>, 'recipe' | 'models'>,
  { log }: Pick<RunContext, 'log'>,
  limit = memoryLimit() ?? Infinity,
): MemoryPlan {
  const { combine = 'mean-logits', arithmetic = 'float32' } = loaded.recipe.inference;
  const networks = loaded.models.length;
  const needs = needsOf(images, loaded);
  const plans: MemoryPlan[] = [
    { way: 'whole', parts: needs.whole },
    { way: 'slabs', parts: needs.slabs(networks) },
  ];
  // Means of probabilities, and sums in float16, are those of each network by itself.
  if (networks > 1 && combine === 'mean-logits' && arithmetic === 'float32') {
    plans.push({ way: 'joint-slabs', parts: needs.slabs(1) });
  }
  const last = plans.at(-1)!;
  const found =
    plans.find(({ parts }) => {
      const { tensor = 0, logits = 0 } = parts;
      return total(parts) <= COMFORTABLE * limit && tensor + logits <= MOST_HELD;
    }) ?? last;
  log.info('memory predicted', { way: found.way, ...described(found.parts, limit) });
  assertFits(found.parts, limit, {
    network: `windows of ${loaded.recipe.inference.roi.join(' x ')} voxels`,
    tensor: `${needs.dims.join(' x ')} voxels after preprocessing`,
  });
  return found;
}

/** How networks of a prediction see the images, and the files of those that do so. */
export interface ImageLayout extends ImageRecipe {
  readonly models: LoadedRecipe<'prediction'>['models'];
  readonly inference?: EngineSettings | undefined;
}

/**
 * Predicts what the networks of a prediction take, each of which sees a whole tensor. The tensors of
 * all layouts are there until the last network has run.
 *
 * @param limit - Bytes; default: what this process is granted.
 * @throws HecktorError OUT_OF_MEMORY when it is more than there is.
 */
export function checkMemory(
  images: CaseImages,
  layouts: readonly ImageLayout[],
  { log }: Pick<RunContext, 'log'>,
  limit = memoryLimit() ?? Infinity,
): void {
  const bounds = layouts.map(({ preprocessing, tensor: { channels }, models, inference }) => {
    const { size, largest } = boundSize(gridsOf(images), preprocessing);
    const voxels = size[0] * size[1] * size[2];
    const network = networkBytes(models, { voxels, inference });
    return { size, largest, voxels, channels: channels.length, network };
  });
  const tensor = bounds.reduce((sum, { channels, voxels }) => sum + 4 * channels * voxels, 0);
  const held = bytesOf(images) + SCRATCH;
  const parts = worst(
    ...bounds.map(({ channels, largest }) => ({ images: held + 4 * channels * largest, tensor })),
    ...bounds.map(({ network }) => ({ tensor, network })),
  );
  const { size } = bounds.reduce((most, one) => (one.voxels > most.voxels ? one : most));
  const sizes = `${size.join(' x ')} voxels after preprocessing`;
  log.info('memory predicted', described(parts, limit));
  assertFits(parts, limit, { network: sizes, tensor: sizes });
}

function described(parts: MemoryParts, limit: number) {
  return {
    peakMiB: mebibytes(total(parts)),
    limitMiB: limit === Infinity ? undefined : mebibytes(limit),
    partsMiB: Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, mebibytes(bytes)]),
    ),
  };
}

/** Bytes of either way at its peak. */
function needsOf(
  images: CaseImages,
  { recipe, models }: Pick<LoadedRecipe<'segmentation'>, 'recipe' | 'models'>,
) {
  const { inference, tensor } = recipe;
  const bound = boundSize(gridsOf(images), recipe.preprocessing);
  const dims = tensor.axes.map((axis) => bound.size['xyz'.indexOf(axis) as 0 | 1 | 2]);
  const [a, b, c] = dims as [number, number, number];
  const plane = 4 * b * c;
  const { planes } = layOutRows([a, b, c], inference);
  const channels = tensor.channels.length;
  const classes = classesOf(recipe, models);
  const { roi, flips = [], windowsPerBatch = 1 } = inference;
  const window = windowsPerBatch * roi[0] * roi[1] * roi[2];
  const network =
    networkBytes(models, { voxels: window, images: windowsPerBatch, inference }) +
    4 * window * (channels + classes) * (flips.length > 0 ? 2 : 1);
  const loaded = bytesOf(images);
  const held = bound.isHeld ? channels * a * plane : 0;
  const labels = Math.max(bound.largest, images.ct.data.length);
  const tensorBytes = channels * a * plane;
  const whole = worst(
    { images: loaded + SCRATCH + 4 * channels * bound.largest, tensor: tensorBytes },
    { tensor: tensorBytes, logits: Math.min(models.length, 2) * classes * a * plane, network },
    { tensor: tensorBytes, logits: classes * a * plane, labels: 3 * labels },
  );
  const slabs = (rings: number): MemoryParts =>
    worst(
      {
        images: loaded + SCRATCH + held,
        tensor: channels * planes * plane + BUFFERS,
        logits: rings * classes * planes * plane,
        labels,
        network,
      },
      { images: loaded + held, labels: 4 * labels },
    );
  return { dims, whole, slabs };
}

/** Classes of the networks, as far as it is known before one is opened. */
function classesOf(
  { regions, models: [entry] }: SegmentationRecipe,
  [model]: LoadedRecipe<'segmentation'>['models'],
): number {
  return modelMemory(model!.path).classes[entry!.output] ?? regions?.length ?? 3;
}
