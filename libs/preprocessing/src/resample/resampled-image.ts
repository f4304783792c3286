import { scalarTypeOf, voxelCount } from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import { runInParts, type Engine } from '../engine.ts';
import { TAPS } from '../kernels/evaluate.ts';
import type { AxisTables, IntegerLimits, Sampling } from '../kernels/kernel-job.ts';
import { createImage, type LazyImage } from '../lazy-image.ts';
import { perAxis, type Region } from '../region.ts';
import { axisTable, touchedVoxels, type Interpolation } from './axis-table.ts';
import {
  blockBytes,
  buildCoefficients,
  marginOf,
  type BlockRange,
  type CoefficientRequest,
} from './coefficients.ts';
import { resampleNearest } from './nearest.ts';
import {
  axisIndices,
  relateGrids,
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

const LIMITS: Readonly<Record<string, IntegerLimits>> = {
  int8: { lowest: -128, highest: 127 },
  uint8: { lowest: 0, highest: 255 },
  int16: { lowest: -32768, highest: 32767 },
  uint16: { lowest: 0, highest: 65535 },
  int32: { lowest: -2147483648, highest: 2147483647 },
  uint32: { lowest: 0, highest: 4294967295 },
};

/** The range of an integer pixel type, or null for floats. */
export function integerLimits(data: NumericVoxelArray): IntegerLimits | null {
  return LIMITS[scalarTypeOf(data)] ?? null;
}

/**
 * An image resampled as ITK's ResampleImageFilter does it with the identity transform, when a region
 * of it is requested. Float results are rounded to float32.
 *
 * @throws HecktorError IMAGE_NOT_FINITE, when read, for NaN or infinity where it matters.
 */
export function resampledImage(resampling: Resampling): LazyImage {
  const { name, target, source, interpolation, outside } = resampling;
  const relation = relateGrids(target, source);
  return createImage(name, {
    grid: target,
    async read(region, engine) {
      const out = engine.float32(voxelCount(region));
      if (outside !== 0) out.fill(outside);
      if (interpolation === 'nearest') resampleNearest(resampling, relation, region, out);
      else await readPiece({ resampling, relation, region, out, engine }, region);
      return out;
    },
  });
}

interface Request {
  readonly resampling: Resampling;
  readonly relation: GridRelation;
  readonly region: Region;
  readonly out: Float32Array;
  readonly engine: Engine;
}

/** Resamples a piece of the requested region. */
async function readPiece(request: Request, piece: Region): Promise<void> {
  const { resampling, relation, region, out, engine } = request;
  const { source, limits, interpolation, name } = resampling;
  const linear = interpolation === 'linear';
  const tables = relation.order === null ? null : regionTables(resampling, relation, piece);
  const range =
    tables === null ? obliqueRange(relation.map, piece, source.size) : tableRange(tables);
  if (range === undefined) return;
  const order = relation.order ?? ([0, 1, 2] as const);
  const coefficients = { name, source, order, range, prefilter: !linear, whole: limits !== null };
  const axis = longestAxis(request, piece, coefficients);
  if (axis !== undefined) {
    for (const half of halves(piece, axis)) await readPiece(request, half);
    return;
  }
  const block = await buildCoefficients(coefficients, engine);
  const { map } = relation;
  const sampling: Sampling =
    tables === null
      ? { kind: 'oblique', map, start: piece.start, linear, sourceSize: source.size }
      : { kind: 'separable', tables };
  const at = perAxis((a) => piece.start[a] - region.start[a]);
  await runInParts(engine, [0, piece.size[2]], (slices) => ({
    kind: 'evaluate',
    block,
    sampling,
    limits,
    size: piece.size,
    slices,
    out,
    outSize: region.size,
    at,
  }));
}

/** The axis along which a piece is to be halved, or undefined when it is small enough. */
function longestAxis(
  { resampling, relation }: Request,
  piece: Region,
  coefficients: CoefficientRequest,
): 0 | 1 | 2 | undefined {
  const { bytes = MAX_BLOCK_BYTES, extent = Math.max(2 * marginOf(coefficients), 32) } =
    resampling.pieces ?? {};
  if (blockBytes(coefficients) <= bytes) return undefined;
  const extents = perAxis((a) => {
    if (piece.size[a] < 2) return 0;
    const { from, to } = coefficients.range[a];
    // Along oblique axes the voxels that a piece touches are those of its bounding box.
    return relation.order === null ? piece.size[a] : to - from;
  });
  const longest = ([0, 1, 2] as const).reduce((best, a) => (extents[a] > extents[best] ? a : best));
  return extents[longest] > extent ? longest : undefined;
}

function halves({ start, size }: Region, axis: 0 | 1 | 2): [Region, Region] {
  const half = size[axis] >> 1;
  return [
    { start, size: perAxis((a) => (a === axis ? half : size[a])) },
    {
      start: perAxis((a) => (a === axis ? start[a] + half : start[a])),
      size: perAxis((a) => (a === axis ? size[a] - half : size[a])),
    },
  ];
}

function regionTables(
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
