import type { Vec3 } from '@hecktor/volume';
import type { BoxMask } from './region.ts';

/** A point in half voxels along x, y, z. */
type Point = readonly [number, number, number];
type Axis = 0 | 1 | 2;

/**
 * The largest distances in mm of two points of a mask's mesh: of any two, and of two in a plane
 * across z (slice), y (column) and x (row), which may lie half way between voxels.
 *
 * The points are the middles of neighbouring voxels of which one is inside. The two farthest are
 * corners of the convex hull, in space and in each plane, so that only hulls are searched.
 */
export function diametersOf(mask: BoxMask, spacing: Vec3) {
  const points = surfacePoints(mask);
  const across = (axis: Axis): number =>
    Math.max(...hulls(points, axis).map((hull) => farthest(hull, spacing)));
  const corners = ([2, 1, 0] as const).reduce<Point[]>(
    (left, axis) => hulls(left, axis).flat(),
    points,
  );
  return {
    any: farthest(corners, spacing),
    slice: across(2),
    column: across(1),
    row: across(0),
  };
}

function surfacePoints({ size, data }: BoxMask): Point[] {
  const points: Point[] = [];
  const strides = [1, size[0], size[0] * size[1]];
  let at = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, at++) {
        if (data[at] === 0) continue;
        const place = [x, y, z];
        for (let axis = 0; axis < 3; axis++) {
          for (const way of [-1, 1]) {
            const next = place[axis]! + way;
            const within = next >= 0 && next < size[axis as Axis];
            if (within && data[at + way * strides[axis]!] !== 0) continue;
            const point: [number, number, number] = [2 * x, 2 * y, 2 * z];
            point[axis]! += way;
            points.push(point);
          }
        }
      }
    }
  }
  return points;
}

/** The corners of the convex hulls of the points in each plane across an axis. */
function hulls(points: readonly Point[], axis: Axis): Point[][] {
  const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [Axis, Axis];
  const planes = new Map<number, Point[]>();
  for (const point of points) {
    const plane = planes.get(point[axis]);
    if (plane === undefined) planes.set(point[axis], [point]);
    else plane.push(point);
  }
  const turn = (a: Point, b: Point, c: Point): number =>
    (b[u] - a[u]) * (c[v] - a[v]) - (b[v] - a[v]) * (c[u] - a[u]);
  return [...planes.values()].map((plane) => {
    const sorted = plane.sort((a, b) => a[u] - b[u] || a[v] - b[v]);
    return [...chain(sorted, turn), ...chain(sorted.reverse(), turn)];
  });
}

/** One side of a convex hull, of points in order (Andrew's monotone chain). */
function chain(sorted: readonly Point[], turn: (a: Point, b: Point, c: Point) => number): Point[] {
  const side: Point[] = [];
  for (const point of sorted) {
    while (side.length > 1 && turn(side.at(-2)!, side.at(-1)!, point) <= 0) side.pop();
    side.push(point);
  }
  return side;
}

function farthest(points: readonly Point[], [sx, sy, sz]: Vec3): number {
  let most = 0;
  for (let i = 0; i < points.length; i++) {
    const [x, y, z] = points[i]!;
    for (let j = 0; j < i; j++) {
      const other = points[j]!;
      const dx = (x - other[0]) * sx;
      const dy = (y - other[1]) * sy;
      const dz = (z - other[2]) * sz;
      most = Math.max(most, dx * dx + dy * dy + dz * dz);
    }
  }
  return Math.sqrt(most) / 2;
}
