import { assertSameMaskGrid, type Mask } from './overlap.ts';
import { percentileOfSorted } from './percentile.ts';

/**
 * The 95th percentile Hausdorff distance, mm: of the distances from each surface voxel to the
 * other mask's nearest surface voxel the 95th percentile, and the larger one of both directions
 * (MONAI's `compute_hausdorff_distance`).
 *
 * @returns NaN when both masks lack the label, Infinity when one does.
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function hausdorff95(truth: Mask, prediction: Mask, label: number): number {
  assertSameMaskGrid(truth, prediction);
  const a = surfacePoints(truth, label);
  const b = surfacePoints(prediction, label);
  if (a.length === 0 && b.length === 0) return Number.NaN;
  if (a.length === 0 || b.length === 0) return Infinity;
  return Math.max(directed95(a, b), directed95(b, a));
}

function directed95(from: Float64Array, to: Float64Array): number {
  const tree = new PointTree(to);
  const distances = Float64Array.from({ length: from.length / 3 }, (_, i) =>
    tree.distanceTo([from[i * 3]!, from[i * 3 + 1]!, from[i * 3 + 2]!]),
  );
  return percentileOfSorted(distances.sort(), 95);
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
    const range = this.#order.subarray(from, to);
    range.sort((a, b) => this.#points[a * 3 + axis]! - this.#points[b * 3 + axis]!);
    const middle = (from + to) >>> 1;
    this.#split(from, middle, (axis + 1) % 3);
    this.#split(middle + 1, to, (axis + 1) % 3);
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
