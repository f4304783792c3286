import { assertSameMaskGrid, type Mask } from './overlap.ts';
import { percentileOfSorted } from './percentile.ts';

/**
 * How the distances of both directions become one: `directed` takes the percentile of each
 * direction and the larger of the two (MONAI), `pooled` the percentile of all together (MedPy).
 */
export type Hausdorff95Convention = 'directed' | 'pooled';

/**
 * The 95th percentile Hausdorff distance, mm, of the distances from each surface voxel to the other
 * mask's nearest surface voxel.
 *
 * @returns NaN when both masks lack the label, Infinity when one does.
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function hausdorff95(
  truth: Mask,
  prediction: Mask,
  label: number,
  convention: Hausdorff95Convention = 'directed',
): number {
  assertSameMaskGrid(truth, prediction);
  const a = surfacePoints(truth, label);
  const b = surfacePoints(prediction, label);
  if (a.length === 0 && b.length === 0) return Number.NaN;
  if (a.length === 0 || b.length === 0) return Infinity;
  const [there, back] = [distances(a, b), distances(b, a)];
  if (convention === 'directed') return Math.max(percentile95(there), percentile95(back));
  const all = new Float64Array(there.length + back.length);
  all.set(there);
  all.set(back, there.length);
  return percentile95(all);
}

/** Distance of each point of `from` to the nearest of `to`. */
function distances(from: Float64Array, to: Float64Array): Float64Array {
  const tree = new PointTree(to);
  return Float64Array.from({ length: from.length / 3 }, (_, i) =>
    tree.distanceTo([from[i * 3]!, from[i * 3 + 1]!, from[i * 3 + 2]!]),
  );
}

function percentile95(values: Float64Array): number {
  return percentileOfSorted(values.sort(), 95);
}

/**
 * Positions, in mm along the voxel axes, of the voxels of `label` with a face neighbour that is of
 * another label or outside the image; x, y, z of one point after another.
 */
function surfacePoints(mask: Mask, label: number): Float64Array {
  const { data, size, spacing } = mask;
  const [nx, ny, nz] = size;
  const slice = nx * ny;
  const points: number[] = [];
  for (let i = data.indexOf(label); i !== -1; i = data.indexOf(label, i + 1)) {
    const x = i % nx;
    const y = Math.floor(i / nx) % ny;
    const z = Math.floor(i / slice);
    const inside =
      x > 0 &&
      x < nx - 1 &&
      y > 0 &&
      y < ny - 1 &&
      z > 0 &&
      z < nz - 1 &&
      data[i - 1] === label &&
      data[i + 1] === label &&
      data[i - nx] === label &&
      data[i + nx] === label &&
      data[i - slice] === label &&
      data[i + slice] === label;
    if (!inside) points.push(x * spacing[0], y * spacing[1], z * spacing[2]);
  }
  return Float64Array.from(points);
}

/**
 * A k-d tree over points in space: the middle point of each range of the order splits the range
 * along the axis of its depth.
 */
class PointTree {
  readonly #points: Float64Array;
  readonly #order: Uint32Array;

  /** @param points x, y, z of one point after another; at least one point. */
  constructor(points: Float64Array) {
    this.#points = points;
    this.#order = Uint32Array.from({ length: points.length / 3 }, (_, i) => i);
    this.#split(0, this.#order.length, 0);
  }

  #split(from: number, to: number, axis: number): void {
    if (to - from <= 1) return;
    const middle = (from + to) >>> 1;
    this.#select(from, to - 1, middle, axis);
    this.#split(from, middle, (axis + 1) % 3);
    this.#split(middle + 1, to, (axis + 1) % 3);
  }

  /**
   * Puts the point that belongs at `middle` there, none greater before and none smaller behind
   * (Hoare's selection: sorting the whole range would take many times as long).
   */
  #select(low: number, high: number, middle: number, axis: number): void {
    const order = this.#order;
    const at = (i: number): number => this.#points[order[i]! * 3 + axis]!;
    while (low < high) {
      const pivot = at((low + high) >>> 1);
      let [i, j] = [low, high];
      while (i <= j) {
        while (at(i) < pivot) i++;
        while (at(j) > pivot) j--;
        if (i > j) break;
        const point = order[i]!;
        order[i++] = order[j]!;
        order[j--] = point;
      }
      if (middle <= j) high = j;
      else if (middle >= i) low = i;
      else return;
    }
  }

  /** Distance from a position to the nearest point. */
  distanceTo(position: readonly [number, number, number]): number {
    return Math.sqrt(this.#nearest(position, 0, this.#order.length, 0, Infinity));
  }

  #nearest(
    position: readonly [number, number, number],
    from: number,
    to: number,
    axis: number,
    best: number,
  ): number {
    if (from >= to) return best;
    const middle = (from + to) >>> 1;
    const at = this.#order[middle]! * 3;
    const dx = position[0] - this.#points[at]!;
    const dy = position[1] - this.#points[at + 1]!;
    const dz = position[2] - this.#points[at + 2]!;
    best = Math.min(best, dx * dx + dy * dy + dz * dz);
    const across = position[axis]! - this.#points[at + axis]!;
    const next = (axis + 1) % 3;
    const isBelow = across < 0;
    best = isBelow
      ? this.#nearest(position, from, middle, next, best)
      : this.#nearest(position, middle + 1, to, next, best);
    // The other side can only be nearer when its border is.
    if (across * across >= best) return best;
    return isBelow
      ? this.#nearest(position, middle + 1, to, next, best)
      : this.#nearest(position, from, middle, next, best);
  }
}
