import type { Plane } from '@hecktor/demo';
import { resampleVolume } from '@hecktor/preprocessing';
import {
  voxelToWorld,
  type Direction,
  type Grid,
  type NumericVoxelArray,
  type Vec3,
  type Volume,
} from '@hecktor/volume';

/** A rectangle in the world, or a block of them one behind the other that is seen as a projection. */
export interface View extends Plane {
  /** Planes of the block. */
  readonly depth: number;
}

/** Millimetres a pixel of a projection, and between its planes. */
const STEP = 3;

/**
 * A volume resampled linearly on a view; of a block, the highest value behind each pixel (maximum
 * intensity projection). Rows from the top, 0 beyond the volume.
 */
export async function project(
  volume: Volume<NumericVoxelArray>,
  view: View,
  name: string,
): Promise<Float32Array> {
  const { width, height, depth } = view;
  const { data } = await resampleVolume(volume, gridOf(view), { name, interpolation: 'linear' });
  const pixels = width * height;
  const out = data.slice(0, pixels);
  for (let at = pixels; at < pixels * depth; at++) {
    out[at % pixels] = Math.max(out[at % pixels]!, data[at]!);
  }
  return out;
}

/** The view as a grid: x to the right, y down, z away from the viewer. */
function gridOf({ corner, right, down, width, height, depth }: View): Grid {
  const spacing: Vec3 = [Math.hypot(...right), Math.hypot(...down), STEP];
  const [u, v] = [right.map((d) => d / spacing[0]), down.map((d) => d / spacing[1])];
  const away = [0, 1, 2].map((a) => {
    const [b, c] = [(a + 1) % 3, (a + 2) % 3];
    return u[b]! * v[c]! - u[c]! * v[b]!;
  });
  const direction: Direction = Float64Array.from(
    [0, 1, 2].flatMap((a) => [u[a]!, v[a]!, away[a]!]),
  );
  return { size: [width, height, depth], spacing, origin: corner, direction };
}

/** All of the PET seen from the front and from the patient's left side, as wide as the CT. */
export function projections(pet: Grid, ct: Grid): { readonly front: View; readonly side: View } {
  const across = (axis: 0 | 1): Extent => {
    const [a, b] = [extent(pet, axis), extent(ct, axis)];
    return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
  };
  const [x, y, z] = [across(0), across(1), extent(pet, 2)];
  const steps = ({ low, high }: Extent) => Math.max(1, Math.round((high - low) / STEP));
  const [width, depth, height] = [steps(x), steps(y), steps(z)];
  const half = STEP / 2;
  const [front, top] = [y.low + half, z.high - half];
  const down: Vec3 = [0, 0, -STEP];
  return {
    front: { corner: [x.low + half, front, top], right: [STEP, 0, 0], down, width, height, depth },
    side: {
      corner: [x.high - half, front, top],
      right: [0, STEP, 0],
      down,
      width: depth,
      height,
      depth: width,
    },
  };
}

interface Extent {
  readonly low: number;
  readonly high: number;
}

/** From edge to edge along a world axis. */
function extent(grid: Grid, axis: 0 | 1 | 2): Extent {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const at = (a: 0 | 1 | 2) => ((corner >> a) & 1 ? grid.size[a] - 0.5 : -0.5);
    return voxelToWorld(grid, [at(0), at(1), at(2)])[axis];
  });
  return { low: Math.min(...corners), high: Math.max(...corners) };
}
