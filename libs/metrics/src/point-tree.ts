/**
 * A k-d tree over points in space: the middle point of each range of the order splits the range
 * along the axis of its depth.
 */
export class PointTree {
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
