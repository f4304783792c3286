import { voxelIndex, type ComponentRuns, type Grid } from '@hecktor/volume';

/**
 * The largest diameter of a component, mm: the largest distance of two corners of its voxels.
 *
 * Of each row of voxels along x only the outermost corners can be that far apart; of these only the
 * corners of their convex hull in each slice are compared, which leaves few.
 */
export function largestDiameter(
  { starts, ends, labels }: ComponentRuns,
  component: number,
  { size, spacing }: Pick<Grid, 'size' | 'spacing'>,
): number {
  const slices = new Map<number, Point[]>();
  labels.forEach((label, run) => {
    if (label !== component) return;
    const [x, y, z] = voxelIndex(size, starts[run]!);
    const end = x + ends[run]! - starts[run]!;
    for (const level of [z, z + 1]) {
      const points = slices.get(level) ?? [];
      slices.set(level, points);
      for (const row of [y, y + 1]) {
        points.push([x * spacing[0], row * spacing[1]], [end * spacing[0], row * spacing[1]]);
      }
    }
  });
  const corners = [...slices].flatMap(([z, points]) =>
    convexHull(points).map(([x, y]) => [x, y, z * spacing[2]] as const),
  );
  let largest = 0;
  corners.forEach(([x, y, z], i) => {
    for (let j = i + 1; j < corners.length; j++) {
      const [ox, oy, oz] = corners[j]!;
      largest = Math.max(largest, (x - ox) ** 2 + (y - oy) ** 2 + (z - oz) ** 2);
    }
  });
  return Math.sqrt(largest);
}

type Point = readonly [number, number];

/** The corners of the convex hull of points, by Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      while (hull.length > 1 && !turnsLeft(hull.at(-2)!, hull.at(-1)!, point)) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

function turnsLeft([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
}
