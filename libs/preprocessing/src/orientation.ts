import type { Direction, Grid, Vec3 } from '@hecktor/volume';
import { perAxis, voxelToWorld } from '@hecktor/volume';
import type { AxisOrder } from './resample/relate-grids.ts';

/** How axes are permuted and flipped: axis a after runs along axis `order[a]` before. */
export interface Orientation {
  readonly order: AxisOrder;
  /** Whether axis a after runs against axis `order[a]` before. */
  readonly flips: readonly [boolean, boolean, boolean];
}

const ORDERS: readonly AxisOrder[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** World axis (LPS) and sign of each letter. */
const LETTERS: Readonly<Record<string, readonly [number, number]>> = {
  L: [0, 1],
  R: [0, -1],
  P: [1, 1],
  A: [1, -1],
  S: [2, 1],
  I: [2, -1],
};

/** The permutation and flips that bring axes of a direction closest to the named ones. */
export function orientationOf(direction: Direction, axcodes: string): Orientation {
  const wanted = [...axcodes].map((letter) => LETTERS[letter]!);
  const along = (axis: number, a: number): number => direction[3 * wanted[a]![0] + axis]!;
  const fit = (order: AxisOrder): number =>
    order.reduce<number>((sum, axis, a) => sum + Math.abs(along(axis, a)), 0);
  const order = ORDERS.reduce((best, other) => (fit(other) > fit(best) + 1e-9 ? other : best));
  const flip = (a: 0 | 1 | 2): boolean => along(order[a], a) * wanted[a]![1] < 0;
  return { order, flips: [flip(0), flip(1), flip(2)] };
}

/** The grid after a reorientation; voxels keep their world positions. */
export function reorientedGrid(grid: Grid, { order, flips }: Orientation): Grid {
  const corner: [number, number, number] = [0, 0, 0];
  order.forEach((axis, a) => {
    if (flips[a]) corner[axis] = grid.size[axis] - 1;
  });
  const direction = new Float64Array(9);
  for (let row = 0; row < 3; row++) {
    for (const a of [0, 1, 2] as const) {
      const value = grid.direction[3 * row + order[a]]!;
      direction[3 * row + a] = flips[a] ? -value || 0 : value;
    }
  }
  return {
    size: perAxis((a) => grid.size[order[a]]),
    spacing: perAxis((a) => grid.spacing[order[a]]),
    origin: voxelToWorld(grid, corner),
    direction,
  };
}

type Axis = AxisOrder[number];

/** The orientation that undoes another one. */
export function invertOrientation({ order, flips }: Orientation): Orientation {
  const inverse: [Axis, Axis, Axis] = [0, 0, 0];
  const back: [boolean, boolean, boolean] = [false, false, false];
  order.forEach((axis, a) => {
    inverse[axis] = a as Axis;
    back[axis] = flips[a]!;
  });
  return {
    order: inverse,
    flips: back,
  };
}

/** Copies voxels, x fastest, into `out` with axes permuted and flipped. */
export function permuteVoxels(
  data: ArrayLike<number>,
  size: Vec3,
  { order, flips }: Orientation,
  out: { [index: number]: number; readonly length: number },
): void {
  const own = [1, size[0], size[0] * size[1]];
  const strides = order.map((axis, a) => (flips[a] ? -own[axis]! : own[axis]!));
  const counts = order.map((axis) => size[axis]);
  const first = order.reduce<number>(
    (sum, axis, a) => sum + (flips[a] ? (size[axis] - 1) * own[axis]! : 0),
    0,
  );
  let to = 0;
  for (let z = 0; z < counts[2]!; z++) {
    for (let y = 0; y < counts[1]!; y++) {
      let from = first + z * strides[2]! + y * strides[1]!;
      for (let x = 0; x < counts[0]!; x++, from += strides[0]!) out[to++] = data[from]!;
    }
  }
}
