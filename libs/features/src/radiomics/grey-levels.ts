import { HecktorError } from '@hecktor/errors';
import { voxelCount, type Vec3 } from '@hecktor/volume';
import { MOST_LEVELS, type Settings } from './params.ts';
import type { RegionValues } from './region.ts';

/** A region in grey levels, with a border of voxels outside of it, so that neighbours need no check. */
export interface GreyLevels {
  /** 0 outside the region, else one more than the level's place in `levels`; x fastest. */
  readonly places: Int32Array;
  readonly size: Vec3;
  /** Width of the border. */
  readonly border: number;
  /** Where in `places` the region's voxels are, in scan order. */
  readonly voxels: Int32Array;
  /** The grey levels that occur, ascending; the lowest is 1. */
  readonly levels: Float64Array;
  /** Voxels of each level. */
  readonly counts: Float64Array;
}

/**
 * Values in bins as NumPy's `digitize` puts them, by PyRadiomics' edges.
 *
 * @throws HecktorError RECIPE_INVALID for more than {@link MOST_LEVELS} grey levels.
 */
export function greyLevels(region: RegionValues, settings: Settings): GreyLevels {
  const { box, mask, values } = region;
  const border = Math.max(1, ...settings.distances);
  const size: Vec3 = [box[0] + 2 * border, box[1] + 2 * border, box[2] + 2 * border];
  const edges = binEdges(region, settings);
  const bins = Int32Array.from(values, (value) => upperBound(edges, value));
  const places = new Int32Array(voxelCount({ size }));
  const voxels = new Int32Array(values.length);
  const levels = Float64Array.from([...new Set(bins)].sort((a, b) => a - b));
  if (levels.length > MOST_LEVELS) throw tooManyLevels(settings);
  const placeOf = new Map([...levels].map((level, i) => [level, i + 1]));
  const counts = new Float64Array(levels.length);
  let n = 0;
  for (let at = 0, z = border; z < box[2] + border; z++) {
    for (let y = border; y < box[1] + border; y++) {
      const row = border + size[0] * (y + size[1] * z);
      for (let x = 0; x < box[0]; x++, at++) {
        if (mask[at] === 0) continue;
        const place = placeOf.get(bins[n]!)!;
        counts[place - 1]!++;
        places[row + x] = place;
        voxels[n++] = row + x;
      }
    }
  }
  return { places, size, border, voxels, levels, counts };
}

function binEdges({ values, single }: RegionValues, settings: Settings): Float64Array {
  const { binWidth, binCount } = settings;
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (binCount !== undefined) return countedEdges(low, high, binCount, single);
  // As Python's %: the rest has the sign of the width.
  const rest = low % binWidth;
  const start = low - (rest < 0 ? rest + binWidth : rest);
  // NumPy's arange steps by the difference of its first two values.
  const step = start + binWidth - start;
  const length = Math.ceil((high + 2 * binWidth - start) / binWidth);
  if (!(length <= MOST_EDGES)) throw tooManyLevels(settings);
  return Float64Array.from({ length }, (_, i) => start + i * step);
}

/** Most of them are levels that no voxel has. */
const MOST_EDGES = 2 ** 22;

function tooManyLevels({ binWidth, binCount }: Settings): HecktorError {
  const setting = binCount === undefined ? `"binWidth" ${binWidth}` : `"binCount" ${binCount}`;
  return new HecktorError('RECIPE_INVALID', {
    detail: `radiomics: ${setting} makes more than ${MOST_LEVELS} grey levels of a lesion`,
    cause: 'the bins are far too narrow for the values of this image',
    fix: 'give the settings of this image a wider "binWidth"; 30 to 130 levels are usual',
  });
}

/** NumPy's histogram edges, which are float32 for float32 values; the last one is raised by 1. */
function countedEdges(low: number, high: number, count: number, single: boolean): Float64Array {
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const step = (to - from) / count;
  const edge = (i: number): number => (i === count ? to : i * step + from);
  const round = (value: number): number => (single ? Math.fround(value) : value);
  return Float64Array.from({ length: count + 1 }, (_, i) =>
    i === count ? round(round(edge(i)) + 1) : round(edge(i)),
  );
}

/** The number of edges that are at most `value`. */
function upperBound(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
