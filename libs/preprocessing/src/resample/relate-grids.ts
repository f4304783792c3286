import type { Grid, Vec3 } from '@hecktor/volume';

/** Continuous source indices of output voxels, the way ITK walks a scan line. */
export interface GridMap {
  readonly outputOrigin: Vec3;
  /** Row-major output index-to-world matrix. */
  readonly toWorld: Float64Array;
  readonly inputOrigin: Vec3;
  /** Row-major world-to-source-index matrix. */
  readonly toIndex: Float64Array;
  /** Number of voxels of the whole output along x, the length of a scan line. */
  readonly lineLength: number;
}

/** Which source axis runs along each output axis x, y, z. */
export type AxisOrder = readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];

/** How output voxels fall into a source image. */
export interface GridRelation {
  readonly map: GridMap;
  /** Set when every output axis runs along one source axis, forwards or backwards. */
  readonly order: AxisOrder | null;
}

/** Index error, in source voxels across the whole output, below which axes count as parallel. */
const PARALLEL_TOLERANCE = 1e-7;

/** Relates an output grid to a source grid with the identity transform between their worlds. */
export function relateGrids(output: Grid, source: Grid): GridRelation {
  const toWorld = indexToWorld(output);
  const toIndex = worldToIndex(source);
  const map: GridMap = {
    outputOrigin: output.origin,
    toWorld,
    inputOrigin: source.origin,
    toIndex,
    lineLength: output.size[0],
  };
  return { map, order: parallelAxes(toIndex, toWorld, output.size) };
}

/** Continuous source indices along the source axis that follows output axis `axis`. */
export function axisIndices(
  relation: { readonly map: GridMap; readonly order: AxisOrder },
  axis: 0 | 1 | 2,
  start: number,
  count: number,
): Float64Array {
  const { map, order } = relation;
  const along = order[axis];
  const indices = new Float64Array(count);
  if (axis === 0) {
    const first = mapIndex(map, 0, 0, 0)[along];
    const way = mapIndex(map, map.lineLength, 0, 0)[along] - first;
    for (let i = 0; i < count; i++) indices[i] = first + ((start + i) / map.lineLength) * way;
    return indices;
  }
  for (let i = 0; i < count; i++) {
    const at = start + i;
    indices[i] = (axis === 1 ? mapIndex(map, 0, at, 0) : mapIndex(map, 0, 0, at))[along];
  }
  return indices;
}

function indexToWorld({ direction, spacing }: Grid): Float64Array {
  return Float64Array.from(direction, (d, i) => d * spacing[(i % 3) as 0 | 1 | 2]);
}

/**
 * The inverse of index-to-world. Along axes that are exactly parallel to the world's it holds plain
 * reciprocals of the spacing, as ITK's inverse by singular values does.
 */
function worldToIndex(grid: Grid): Float64Array {
  const m = indexToWorld(grid);
  const nonzero = m.reduce((count, v) => count + (v === 0 ? 0 : 1), 0);
  if (nonzero === 3) {
    const inverse = new Float64Array(9);
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        if (m[3 * r + c] !== 0) inverse[3 * c + r] = 1 / m[3 * r + c]!;
      }
    }
    return inverse;
  }
  const minor = (a: number, b: number, c: number, d: number): number =>
    m[a]! * m[b]! - m[c]! * m[d]!;
  const cofactors = [
    minor(4, 8, 5, 7),
    minor(2, 7, 1, 8),
    minor(1, 5, 2, 4),
    minor(5, 6, 3, 8),
    minor(0, 8, 2, 6),
    minor(2, 3, 0, 5),
    minor(3, 7, 4, 6),
    minor(1, 6, 0, 7),
    minor(0, 4, 1, 3),
  ];
  const determinant = m[0]! * cofactors[0]! + m[1]! * cofactors[3]! + m[2]! * cofactors[6]!;
  return Float64Array.from(cofactors, (c) => c / determinant);
}

function parallelAxes(toIndex: Float64Array, toWorld: Float64Array, size: Vec3): AxisOrder | null {
  const order: number[] = [];
  for (let column = 0; column < 3; column++) {
    const steps = [0, 1, 2].map(
      (row) =>
        toIndex[3 * row]! * toWorld[column]! +
        toIndex[3 * row + 1]! * toWorld[3 + column]! +
        toIndex[3 * row + 2]! * toWorld[6 + column]!,
    );
    const main = steps.reduce((best, s, i) => (Math.abs(s) > Math.abs(steps[best]!) ? i : best), 0);
    const drift = steps.reduce((sum, s, i) => (i === main ? sum : sum + Math.abs(s)), 0);
    if (drift * size[column as 0 | 1 | 2] > PARALLEL_TOLERANCE || order.includes(main)) return null;
    order.push(main);
  }
  // Three different axes, checked one by one above.
  return order as unknown as AxisOrder;
}

/** Continuous source index of an output index, through world space, in ITK's order of operations. */
export function mapIndex(map: GridMap, x: number, y: number, z: number): Vec3 {
  const { outputOrigin: o, toWorld: m, inputOrigin: p, toIndex: q } = map;
  const u = o[0] + m[0]! * x + m[1]! * y + m[2]! * z - p[0];
  const v = o[1] + m[3]! * x + m[4]! * y + m[5]! * z - p[1];
  const w = o[2] + m[6]! * x + m[7]! * y + m[8]! * z - p[2];
  return [
    q[0]! * u + q[1]! * v + q[2]! * w,
    q[3]! * u + q[4]! * v + q[5]! * w,
    q[6]! * u + q[7]! * v + q[8]! * w,
  ];
}

/**
 * The first source index of a scan line and the way to the index one past its end: output voxel x
 * falls on `start + (x / lineLength) * way`, as in ITK's ResampleImageFilter.
 */
export function scanLine(map: GridMap, y: number, z: number): { start: Vec3; way: Vec3 } {
  const start = mapIndex(map, 0, y, z);
  const end = mapIndex(map, map.lineLength, y, z);
  return { start, way: [end[0] - start[0], end[1] - start[1], end[2] - start[2]] };
}
