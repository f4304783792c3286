import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { coarseImage, type CoarseImage } from './coarse-image.ts';
import { levelsOf, type Levels } from './levels.ts';

/** Lowest and highest value among every n-th voxel; NaN is passed over. */
interface IntensityRange {
  readonly lowest: number;
  readonly highest: number;
  readonly everyNth: number;
}

/** What is known of an image before it is judged. */
export interface ImageFacts {
  readonly image: Volume<NumericVoxelArray>;
  readonly range: IntensityRange;
  /** Whether it holds no more than 3 different values, as a mask does. */
  readonly fewValues: boolean;
  readonly coarse: CoarseImage;
  /** Of the coarse image. */
  readonly levels: Levels;
}

/**
 * Every how many voxels are looked at; odd, so that it meets all columns of an image. Looking at all
 * of a CT of 512x512x300 takes 0.2 s, at these 0.03 s.
 */
const SAMPLE = 31;
/** Different values of a label map at most: background, tumour, nodes. */
const FEW = 3;

/** The facts of an image; undefined where no voxel is finite. */
export function imageFacts(image: Volume<NumericVoxelArray>, cell: number): ImageFacts | undefined {
  const coarse = coarseImage(image, cell);
  const levels = levelsOf(coarse.values);
  if (levels === undefined) return undefined;
  const sampled = scan(image.data, SAMPLE);
  // What a sample makes doubtful is looked for in all voxels.
  const { range, fewValues } = sampled.fewValues ? scan(image.data, 1) : sampled;
  return { image, range, fewValues, coarse, levels };
}

function scan(data: NumericVoxelArray, everyNth: number) {
  let [lowest, highest] = [Infinity, -Infinity];
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += everyNth) {
    const value = data[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (seen.size <= FEW) seen.add(value);
  }
  return { range: { lowest, highest, everyNth }, fewValues: seen.size <= FEW };
}
