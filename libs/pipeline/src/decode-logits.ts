import { halfRounding } from '@hecktor/inference';
import { argmax, paintRegions } from '@hecktor/postprocessing';
import { createLogitsInverter, invertLogits, labelsFromTensor } from '@hecktor/preprocessing';
import type { InvertedLogits, Prepared } from '@hecktor/preprocessing';
import type { SegmentationRecipe } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import type { RunContext } from './run-context.ts';

/**
 * Makes labels of logits: the largest one or painted regions, on the grid of the tensor or, where the
 * recipe says so, on the one before the last resampling.
 *
 * @returns The labels and the records of the steps that they have still to go back over.
 * @throws HecktorError MODEL_OUTPUT_INVALID for a NaN; RECIPE_INVALID where logits cannot go back.
 */
export async function decodeLogits(
  logits: Tensor,
  recipe: SegmentationRecipe,
  { grid, records }: Pick<Prepared, 'grid' | 'records'>,
  { timer, onProgress }: Pick<RunContext, 'timer' | 'onProgress'>,
): Promise<InvertedLogits> {
  const { axes } = recipe.tensor;
  const options = inversionOf(recipe);
  if (options === undefined) {
    const labels = await timer.time('decoding', () =>
      labelsFromTensor(decode(logits, recipe), logits.dims.slice(2), axes, grid),
    );
    return { labels, records };
  }
  return timer.time('inverting logits', () =>
    invertLogits(
      logits,
      axes,
      { grid, records },
      { ...options, onProgress: (fraction) => onProgress('inverting logits', fraction) },
    ),
  );
}

/** Makes labels of logits that come some planes at a time. */
interface SlabDecoder {
  /** Planes before each part that have to come with it once more. */
  readonly overlap: number;
  /** Takes planes along the tensor's first axis, [1, classes, n, b, c], `first` the first of them. */
  readonly add: (planes: Tensor, first: number) => void;
  readonly finish: () => InvertedLogits;
}

/**
 * What {@link decodeLogits} does, for logits that are never there as a whole.
 *
 * @throws HecktorError as that does.
 */
export function createSlabDecoder(
  recipe: SegmentationRecipe,
  { grid, records }: Pick<Prepared, 'grid' | 'records'>,
): SlabDecoder {
  const { axes } = recipe.tensor;
  const options = inversionOf(recipe);
  if (options !== undefined) {
    const { add, inverted } = createLogitsInverter(axes, { grid, records }, options);
    return { overlap: 1, add, finish: () => inverted };
  }
  const dims = axes.map((axis) => grid.size['xyz'.indexOf(axis) as 0 | 1 | 2]);
  const [, b = 0, c = 0] = dims;
  const labels = new Uint8Array(dims.reduce((product, n) => product * n, 1));
  return {
    overlap: 0,
    add: (planes, first) => labels.set(decode(planes, recipe), first * b * c),
    finish: () => ({ labels: labelsFromTensor(labels, dims, axes, grid), records }),
  };
}

function decode(slab: Tensor, { regions }: Pick<SegmentationRecipe, 'regions'>): Uint8Array {
  return regions === undefined ? argmax(slab) : paintRegions(slab, regions);
}

/** How logits are interpolated and decoded where they go back themselves, or undefined. */
function inversionOf(recipe: SegmentationRecipe) {
  const { logits } = recipe.invert;
  if (logits === undefined) return undefined;
  const { order = 1, orderZ = 0, separateZ = 'auto' } = logits;
  return {
    interpolation: { order, orderZ, separateZ },
    decode: (slab: Tensor) => {
      // The array type of the logits is kept where they are interpolated, too.
      if (recipe.inference.arithmetic === 'float16') {
        halfRounding(slab.data)(0, slab.data.length);
      }
      return decode(slab, recipe);
    },
  };
}
