import { voxelCount } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import { neighbours, type Neighbours } from './neighbours.ts';
import type { Zoom } from './zoom-image.ts';

/**
 * Zooms labels as nnU-Net resamples a segmentation: the label whose indicator, zoomed by order 1, is
 * the largest. Of labels that share it the nearest voxel's wins, else the lowest.
 *
 * Indicators are summed in SciPy's order for arrays indexed (z, y, x), so that ties are the same.
 */
export function zoomLabels(
  labels: Float32Array,
  from: Vec3,
  { size, apart }: Pick<Zoom, 'size' | 'apart'>,
): Float32Array<ArrayBuffer> {
  const [x, y, z] = ([0, 1, 2] as const).map((a) =>
    neighbours(from[a], size[a], a === apart?.axis ? 0 : 1),
  ) as [Neighbours, Neighbours, Neighbours];
  const [nx, ny] = from;
  const out = new Float32Array(voxelCount({ size }));
  const corners = new Float64Array(8);
  const weights = new Float64Array(8);
  let to = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const rows = [z.low, z.low, z.high, z.high].map(
        (slice, n) => nx * ((n % 2 === 0 ? y.low : y.high)[j]! + ny * slice[k]!),
      );
      const [a, b, c, d] = rows as [number, number, number, number];
      for (let i = 0; i < size[0]; i++, to++) {
        const [low, high] = [x.low[i]!, x.high[i]!];
        const first = labels[a + low]!;
        out[to] = first;
        if (
          first === labels[a + high] &&
          first === labels[b + low] &&
          first === labels[b + high] &&
          first === labels[c + low] &&
          first === labels[c + high] &&
          first === labels[d + low] &&
          first === labels[d + high]
        ) {
          continue;
        }
        for (let n = 0; n < 8; n++) {
          corners[n] = labels[rows[n >> 1]! + (n % 2 === 0 ? low : high)]!;
          weights[n] =
            weightOf(z, k, n >> 2) * weightOf(y, j, (n >> 1) % 2) * weightOf(x, i, n % 2);
        }
        const nearest = x.nearest[i]! + nx * (y.nearest[j]! + ny * z.nearest[k]!);
        out[to] = winner(corners, weights, labels[nearest]!);
      }
    }
  }
  return out;
}

function weightOf({ share }: Neighbours, i: number, side: number): number {
  return side === 0 ? 1 - share[i]! : share[i]!;
}

function winner(corners: Float64Array, weights: Float64Array, nearest: number): number {
  let [best, score] = [Infinity, 0];
  for (const label of corners) {
    const sum = scoreOf(label, corners, weights);
    if (sum > score || (sum === score && label < best)) [best, score] = [label, sum];
  }
  return scoreOf(nearest, corners, weights) === score ? nearest : best;
}

function scoreOf(label: number, corners: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < 8; n++) if (corners[n] === label) sum += weights[n]!;
  return sum;
}
