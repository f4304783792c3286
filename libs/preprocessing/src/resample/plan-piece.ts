import { perAxis } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Region, Vec3, Volume } from '@hecktor/volume';
import { TAPS } from '../kernels/blend.ts';
import type { AxisTables, CoefficientBlock, IntegerLimits } from '../kernels/kernel-job.ts';
import { axisTable, touchedVoxels, type Interpolation } from './axis-table.ts';
import { blockBytes, marginOf, type BlockRange, type CoefficientRequest } from './coefficients.ts';
import {
  axisIndices,
  mapIndex,
  scanLine,
  type GridMap,
  type GridRelation,
} from './relate-grids.ts';

/** What to resample, onto which grid, and how. */
export interface Resampling {
  readonly name: string;
  readonly source: Volume<NumericVoxelArray>;
  readonly target: Grid;
  readonly interpolation: Interpolation;
  /** Value where the target's voxel centre lies outside the source's voxels. */
  readonly outside: number;
  /** Range of the integer pixel type that results are clamped and truncated to, or null. */
  readonly limits: IntegerLimits | null;
  /** Keeps the coefficients that ITK's own last bit depends on, at more work on fine sources. */
  readonly likeItk?: boolean;
  /** When a region is worked through in pieces; see {@link PieceLimits}. */
  readonly pieces?: PieceLimits;
}

/**
 * A region is halved while its coefficients take more than `bytes`, but no axis on which it covers
 * fewer source voxels than `extent`: every piece filters a margin around itself again, so that
 * pieces much smaller than their margins cost a multiple of the work and save no memory.
 */
export interface PieceLimits {
  readonly bytes: number;
  readonly extent: number;
}

const MAX_BLOCK_BYTES = 256 * 2 ** 20;

/** A resampling and how its grids lie to each other. */
export interface Request {
  readonly resampling: Resampling;
  readonly relation: GridRelation;
}

/**
 * Source voxels to an output voxel, in the plane, from which on axes are evaluated as they are
 * filtered. It saves most of the work, and takes the coefficients that ITK's own last bit depends on.
 */
const FINE = 1.5;

/** What coefficients a piece needs; undefined where it lies outside the source. */
export function planPiece(
  { resampling, relation }: Request,
  piece: Region,
): CoefficientRequest | undefined {
  const { source, limits, interpolation, name } = resampling;
  const { map, order } = relation;
  const tables = order === null ? null : regionTables(resampling, relation, piece);
  const range = tables === null ? obliqueRange(map, piece, source.size) : tableRange(tables);
  if (range === undefined) return undefined;
  return {
    name,
    source,
    order: order ?? [0, 1, 2],
    range,
    placed:
      tables === null || resampling.likeItk === true ? [null, null] : placedAxes(relation, tables),
    prefilter: interpolation !== 'linear',
    whole: limits !== null,
  };
}

/** The axes, of x and y, along which the output has fewer voxels than the source. */
function placedAxes({ map, order }: GridRelation, [x, y]: AxisTables): CoefficientBlock['placed'] {
  const first = mapIndex(map, 0, 0, 0);
  const [stepX, stepY] = ([0, 1] as const).map((a) => {
    const next = a === 0 ? mapIndex(map, 1, 0, 0) : mapIndex(map, 0, 1, 0);
    return Math.abs(next[order![a]] - first[order![a]]);
  }) as [number, number];
  if (Math.max(stepX, 1) * Math.max(stepY, 1) < FINE) return [null, null];
  return [stepX > 1 ? x : null, stepY > 1 ? y : null];
}

/**
 * The axis, of those given, along which a piece is to be halved, or undefined when it is small
 * enough.
 */
export function tooLarge(
  { resampling, relation }: Request,
  piece: Region,
  plan: CoefficientRequest,
  axes: readonly (0 | 1 | 2)[],
): 0 | 1 | 2 | undefined {
  const { bytes = MAX_BLOCK_BYTES, extent = Math.max(2 * marginOf(plan), 32) } =
    resampling.pieces ?? {};
  if (blockBytes(plan) <= bytes) return undefined;
  const extents = perAxis((a) => {
    if (piece.size[a] < 2) return 0;
    const { from, to } = plan.range[a];
    // Along oblique axes the voxels that a piece touches are those of its bounding box.
    return relation.order === null ? piece.size[a] : to - from;
  });
  const longest = axes.reduce((best, a) => (extents[a] > extents[best] ? a : best));
  return extents[longest] > extent ? longest : undefined;
}

/** The table of each axis of a region. */
export function regionTables(
  { source, interpolation }: Resampling,
  { map, order }: GridRelation,
  region: Region,
): AxisTables {
  const table = (axis: 0 | 1 | 2) =>
    axisTable(
      axisIndices({ map, order: order! }, axis, region.start[axis], region.size[axis]),
      source.size[order![axis]],
      interpolation,
    );
  return [table(0), table(1), table(2)];
}

/** The source voxels that a region needs, which may reach past the border. */
function tableRange(tables: AxisTables): BlockRange | undefined {
  const [x, y, z] = tables.map((table) => touchedVoxels(table, TAPS));
  return x && y && z && [x, y, z];
}

/**
 * The source voxels that an oblique region needs, from its corners, borders mirrored out included;
 * undefined when the region misses the source.
 */
function obliqueRange(map: GridMap, region: Region, sourceSize: Vec3): BlockRange | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const y of [region.start[1], region.start[1] + region.size[1] - 1]) {
    for (const z of [region.start[2], region.start[2] + region.size[2] - 1]) {
      const { start, way } = scanLine(map, y, z);
      for (const x of [region.start[0], region.start[0] + region.size[0] - 1]) {
        for (let a = 0; a < 3; a++) {
          const index = start[a]! + (x / map.lineLength) * way[a]!;
          low[a] = Math.min(low[a]!, index);
          high[a] = Math.max(high[a]!, index);
        }
      }
    }
  }
  const misses = sourceSize.some((n, a) => low[a]! >= n - 0.5 || high[a]! < -0.5);
  if (misses) return undefined;
  const range = (a: 0 | 1 | 2) => ({
    from: Math.max(Math.floor(low[a]!) - 1, 0) - 2,
    to: Math.min(Math.ceil(high[a]!) + 2, sourceSize[a]) + 2,
  });
  return [range(0), range(1), range(2)];
}
