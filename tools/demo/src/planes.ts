import {
  connectedComponents,
  voxelToWorld,
  type Grid,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { Plane } from './slice-plane.ts';

/** Millimetres a pixel of the picture. */
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
 */
export function choosePlanes(grid: Grid, focus: Vec3): Planes {
  const [x, y, z] = [0, 1, 2].map((axis) => span(grid, focus, axis)) as [Span, Span, Span];
  const pixels = (s: Span) => Math.max(1, Math.round((s.high - s.low) / PIXEL));
  const half = PIXEL / 2;
  const [left, front, top] = [x.low + half, y.low + half, z.high - half];
  const leftward: Vec3 = [PIXEL, 0, 0];
  const backward: Vec3 = [0, PIXEL, 0];
  const footward: Vec3 = [0, 0, -PIXEL];
  const [width, depth, height] = [pixels(x), pixels(y), pixels(z)];
  return {
    axial: {
      corner: [left, front, focus[2]],
      right: leftward,
      down: backward,
      width,
      height: depth,
    },
    coronal: { corner: [left, focus[1], top], right: leftward, down: footward, width, height },
    sagittal: {
      corner: [focus[0], front, top],
      right: backward,
      down: footward,
      width: depth,
      height,
    },
  };
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** The grid's extent along a world axis, cut to a window around the focus. */
function span(grid: Grid, focus: Vec3, axis: number): Span {
  const ends = [0, 1].flatMap((i) =>
    [0, 1].flatMap((j) =>
      [0, 1].map((k) => {
        const corner: Vec3 = [
          i * grid.size[0] - 0.5,
          j * grid.size[1] - 0.5,
          k * grid.size[2] - 0.5,
        ];
        return voxelToWorld(grid, corner)[axis]!;
      }),
    ),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const wanted = Math.min(axis === 2 ? 330 : 260, high - low);
  const start = Math.min(Math.max(focus[axis]! - wanted / 2, low), high - wanted);
  return { low: start, high: start + wanted };
}

/**
 * The world position (LPS, mm) to cut through: the voxel of the largest lesion that lies nearest
 * its centroid. An empty mask gives the middle of the image.
 */
export function findFocus(labels: Volume<Uint8Array>): Vec3 {
  const [nx, ny, nz] = labels.size;
  const lesions = connectedComponents(labels.data, labels.size, 26);
  if (lesions.count === 0) return voxelToWorld(labels, [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]);
  let largest = 1;
  for (let i = 2; i <= lesions.count; i++) {
    if (lesions.voxels[i - 1]! > lesions.voxels[largest - 1]!) largest = i;
  }
  const members: Vec3[] = [];
  lesions.labels.forEach((component, at) => {
    if (component !== largest) return;
    members.push([at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]);
  });
  const mean = (axis: 0 | 1 | 2): number =>
    members.reduce((sum, index) => sum + index[axis], 0) / members.length;
  const [x, y, z] = [mean(0), mean(1), mean(2)];
  const away = (index: Vec3) => Math.hypot(index[0] - x, index[1] - y, index[2] - z);
  const nearest = members.reduce((best, index) => (away(index) < away(best) ? index : best));
  return voxelToWorld(labels, nearest);
}
