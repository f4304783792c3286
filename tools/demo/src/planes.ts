import {
  largestComponent,
  toVec3,
  voxelIndex,
  voxelToWorld,
  type Grid,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { Plane } from './slice-plane.ts';

/** Millimetres a pixel of the picture where nothing else is asked for. */
const PIXEL = 0.75;

/** The three planes through `focus`: axial and coronal and sagittal, seen as radiologists do. */
export interface Planes {
  readonly axial: Plane;
  readonly coronal: Plane;
  readonly sagittal: Plane;
}

/**
 * Planes at most 260 mm wide and 330 mm high around `focus` (LPS, mm), within the grid. The
 * patient's right is on the left; anterior is up in the axial plane and left in the sagittal one.
 *
 * @param pixel Millimetres a pixel.
 */
export function choosePlanes(grid: Grid, focus: Vec3, pixel = PIXEL): Planes {
  const [x, y, z] = [span(grid, focus, 0), span(grid, focus, 1), span(grid, focus, 2)];
  const pixels = (s: Span) => Math.max(1, Math.round((s.high - s.low) / pixel));
  const half = pixel / 2;
  const [left, front, top] = [x.low + half, y.low + half, z.high - half];
  const leftward: Vec3 = [pixel, 0, 0];
  const backward: Vec3 = [0, pixel, 0];
  const footward: Vec3 = [0, 0, -pixel];
  const [width, depth, height] = [pixels(x), pixels(y), pixels(z)];
  const axial = { corner: [left, front, focus[2]] as const, right: leftward, down: backward };
  const coronal = { corner: [left, focus[1], top] as const, right: leftward, down: footward };
  const sagittal = { corner: [focus[0], front, top] as const, right: backward, down: footward };
  return {
    axial: { ...axial, width, height: depth },
    coronal: { ...coronal, width, height },
    sagittal: { ...sagittal, width: depth, height },
  };
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** The grid's extent along a world axis, cut to a window around the focus. */
function span(grid: Grid, focus: Vec3, axis: 0 | 1 | 2): Span {
  const { size, spacing, direction } = grid;
  const middle = voxelToWorld(grid, toVec3(size.map((n) => (n - 1) / 2)))[axis];
  const extents = size.map((n, a) => Math.abs(direction[3 * axis + a]!) * n * spacing[a]!);
  const whole = extents.reduce((sum, extent) => sum + extent, 0);
  const low = middle - whole / 2;
  const wanted = Math.min(axis === 2 ? 330 : 260, whole);
  const start = Math.min(Math.max(focus[axis] - wanted / 2, low), low + whole - wanted);
  return { low: start, high: start + wanted };
}

/**
 * The world position (LPS, mm) to cut through: the voxel of a lesion that lies nearest the centroid
 * of the largest one. An empty mask gives the middle of the image.
 */
export function findFocus(labels: Volume<Uint8Array>): Vec3 {
  const { data, size } = labels;
  const binary = data.map((label) => (label === 0 ? 0 : 1));
  const lesion = largestComponent(binary, size, 'zyx');
  let focus: Vec3 = toVec3(size.map((n) => (n - 1) / 2));
  if (lesion === undefined) return voxelToWorld(labels, focus);
  const [x, y, z] = lesion.centroid;
  let least = Infinity;
  for (let at = binary.indexOf(1); at !== -1; at = binary.indexOf(1, at + 1)) {
    const index = voxelIndex(size, at);
    const away = Math.hypot(index[0] - x, index[1] - y, index[2] - z);
    if (away < least) [focus, least] = [index, away];
  }
  return voxelToWorld(labels, focus);
}
