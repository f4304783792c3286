import { halfRounding } from '@hecktor/inference';
import { argmax, paintRegions } from '@hecktor/postprocessing';
import { invertLogits, labelsFromTensor } from '@hecktor/preprocessing';
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
  { regions, inference, invert, tensor: { axes } }: SegmentationRecipe,
  { grid, records }: Pick<Prepared, 'grid' | 'records'>,
  { timer, onProgress }: Pick<RunContext, 'timer' | 'onProgress'>,
): Promise<InvertedLogits> {
  const decode = (slab: Tensor): Uint8Array =>
    regions === undefined ? argmax(slab) : paintRegions(slab, regions);
  if (invert.logits === undefined) {
    const labels = await timer.time('decoding', () =>
      labelsFromTensor(decode(logits), logits.dims.slice(2), axes, grid),
    );
    return { labels, records };
  }
  const { order = 1, orderZ = 0, separateZ = 'auto' } = invert.logits;
  const isHalf = inference.arithmetic === 'float16';
  return timer.time('inverting logits', () =>
    invertLogits(
      logits,
      axes,
      { grid, records },
      {
        interpolation: { order, orderZ, separateZ },
        decode: (slab) => {
          // The array type of the logits is kept where they are interpolated, too.
          if (isHalf) halfRounding(slab.data)(0, slab.data.length);
          return decode(slab);
        },
        onProgress: (fraction) => onProgress('inverting logits', fraction),
      },
    ),
  );
}
