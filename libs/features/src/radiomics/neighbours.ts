import { perAxis, type Vec3 } from '@hecktor/volume';
import type { GreyLevels } from './grey-levels.ts';
import type { Settings } from './params.ts';

/** The way to a neighbour: voxels along x, y, z, and along the array of grey levels. */
export interface Offset {
  readonly steps: Vec3;
  readonly stride: number;
}

/**
 * Offsets whose longest step is one of `distances` and shorter than the region, one of each pair
 * of opposite ones: that which goes up in z, else in y, else in x.
 */
export function offsetsOf(
  { size, border }: Pick<GreyLevels, 'size' | 'border'>,
  { distances, force2D, force2Ddimension }: Settings,
): Offset[] {
  const far = Math.max(...distances);
  const reach = perAxis((axis) =>
    force2D && axis === 2 - force2Ddimension ? 0 : Math.min(far, size[axis] - 2 * border - 1),
  );
  const offsets: Offset[] = [];
  for (let z = reach[2]; z >= 0; z--) {
    for (let y = reach[1]; y >= -reach[1]; y--) {
      for (let x = reach[0]; x >= -reach[0]; x--) {
        const forward = z > 0 || (z === 0 && (y > 0 || (y === 0 && x > 0)));
        const distance = Math.max(z, Math.abs(y), Math.abs(x));
        if (!forward || !distances.includes(distance)) continue;
        offsets.push({ steps: [x, y, z], stride: x + size[0] * (y + size[1] * z) });
      }
    }
  }
  return offsets;
}

/** Strides to the neighbours on both sides. */
export function bothWays(offsets: readonly Offset[]): Int32Array {
  return Int32Array.from(offsets.flatMap(({ stride }) => [stride, -stride]));
}

/** The length of an offset in mm by a setting's norm. */
export function offsetLength(
  { steps }: Offset,
  spacing: Vec3,
  norm: NonNullable<Settings['weightingNorm']>,
): number {
  const mm = steps.map((n, axis) => Math.abs(n) * spacing[axis as 0 | 1 | 2]);
  switch (norm) {
    case 'infinity':
      return Math.max(...mm);
    case 'euclidean':
      return Math.hypot(...mm);
    case 'manhattan':
      return mm[0]! + mm[1]! + mm[2]!;
    case 'no_weighting':
      return 0;
  }
}

/** The mean of each feature over directions; values that do not exist are left out, as `nanmean`. */
export function meanOverDirections(
  all: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const mean: Record<string, number> = {};
  for (const name of Object.keys(all[0] ?? {})) {
    const values = all.map((features) => features[name]!).filter((value) => !Number.isNaN(value));
    mean[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return mean;
}
