import type { Vec3 } from '@hecktor/volume';
import type { Orientation } from './orientation.ts';

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
