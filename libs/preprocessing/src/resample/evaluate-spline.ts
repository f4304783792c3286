import { runInParts } from '../engine.ts';
import { voxelCount } from '@hecktor/volume';
import { combineMoments, type Moments } from '../statistics.ts';
import { stridedSource } from '../images/strided-source.ts';
import type { AxisTable, CoefficientBlock, Producer } from '../kernels/kernel-job.ts';
import { buildCoefficients, coefficientBytes } from './build-coefficients.ts';
import type { BlockRange, CoefficientCache, VoxelRange } from './coefficient-cache.ts';
import { evaluateOutside } from './evaluate-outside.ts';
import { obliqueTouch, regionTables, type AxisTables, type Evaluation } from './evaluation.ts';
import { touchedVoxels } from './axis-table.ts';
import type { AxisOrder } from './relate-grids.ts';
import { splineMoments } from './spline-moments.ts';

/** Bytes of coefficients held at once unless told otherwise. */
const MAX_BLOCK_BYTES = 256 * 2 ** 20;
const TAPS = 4;

type Slices = readonly [number, number];

/** Evaluates a region by cubic B-spline or linear interpolation. */
export async function evaluateSpline(
  evaluation: Evaluation,
  cache: CoefficientCache,
): Promise<void> {
  const { resampling, relation, region } = evaluation;
  const { source, interpolation, maxBlockBytes: most = MAX_BLOCK_BYTES } = resampling;
  const { map, order } = relation;
  const tables = order === null ? null : regionTables(map, order, region, source, interpolation);
  const prefilter = interpolation === 'bspline';
  const lattice = tables !== null && isLattice(resampling, order!, tables);
  const depth = source.size[order === null ? 2 : order[2]];

  const visit = async (slices: Slices): Promise<void> => {
    const range = pieceRange(evaluation, tables, slices);
    if (range === undefined) return evaluateOutside(evaluation, slices);
    const [from, to] = slices;
    if (coefficientBytes(range, depth, prefilter) > most && to - from > 1) {
      const middle = (from + to) >> 1;
      await visit([from, middle]);
      return visit([middle, to]);
    }
    const block = cache.find(range) ?? (await build(evaluation, range, prefilter, lattice));
    if (to - from === region.size[2]) cache.keep(range, block);
    await evaluatePiece(evaluation, block, { tables, lattice }, slices);
  };
  await visit([0, region.size[2]]);
}

/**
 * Moments of a region's float values, worked out from the coefficients; undefined where that is not
 * possible: for oblique directions, integer results and regions too large for one block.
 */
export async function momentsOfSpline(
  evaluation: Evaluation,
  cache: CoefficientCache,
): Promise<Moments | undefined> {
  const { resampling, relation, region } = evaluation;
  const { source, interpolation, limits, outside, maxBlockBytes } = resampling;
  const { map, order } = relation;
  if (order === null || limits !== null) return undefined;
  const tables = regionTables(map, order, region, source, interpolation);
  const range = pieceRange(evaluation, tables, [0, region.size[2]]);
  const prefilter = interpolation === 'bspline';
  if (range === undefined) return undefined;
  if (
    coefficientBytes(range, source.size[order[2]], prefilter) > (maxBlockBytes ?? MAX_BLOCK_BYTES)
  )
    return undefined;
  const block = cache.find(range) ?? (await build(evaluation, range, prefilter, false));
  cache.keep(range, block);
  const inside = splineMoments(block, tables);
  if (inside === undefined) return undefined;
  const beyond = voxelCount(region) - inside.count;
  const slots = [inside.count, inside.mean, inside.squares, beyond, Math.fround(outside), 0];
  return combineMoments(Float64Array.from(slots), resampling.name);
}

async function build(
  { resampling, relation, engine }: Evaluation,
  range: BlockRange,
  prefilter: boolean,
  lattice: boolean,
): Promise<CoefficientBlock> {
  const { name, source, limits } = resampling;
  return buildCoefficients(
    {
      name,
      source: stridedSource(source, relation.order ?? [0, 1, 2]),
      range,
      prefilter,
      exact: lattice ? 'all' : limits === null ? 'zeros' : 'none',
    },
    engine,
  );
}

async function evaluatePiece(
  { resampling, relation, region, demand, engine }: Evaluation,
  block: CoefficientBlock,
  { tables, lattice }: { tables: AxisTables | null; lattice: boolean },
  slices: Slices,
): Promise<void> {
  const { outside, limits, source } = resampling;
  const producer: Producer =
    tables !== null && limits !== null && lattice
      ? { kind: 'lattice', block, tables, outside, limits }
      : tables !== null
        ? { kind: 'separable', block, tables, outside, limits }
        : {
            kind: 'oblique',
            map: relation.map,
            start: region.start,
            interpolation: resampling.interpolation === 'linear' ? 'linear' : 'bspline',
            block,
            sourceSize: source.size,
            outside,
            limits,
          };
  await runInParts(engine, slices, (part) => ({
    kind: 'evaluate',
    producer,
    size: region.size,
    slices: part,
    ...demand,
  }));
}

/** True when an image of integers is cubically interpolated right at its own voxels. */
function isLattice(
  { interpolation, limits }: Evaluation['resampling'],
  order: AxisOrder,
  tables: AxisTables,
): boolean {
  // ITK filters along the source's x, y, z; in another order the last bits differ anyway.
  const inOrder = order.every((axis, a) => axis === a);
  return interpolation === 'bspline' && limits !== null && inOrder && tables.every(atVoxels);
}

/** True when positions fall on voxels: the last of four cubic weights is the offset's cube / 6. */
function atVoxels({ from, to, weights }: AxisTable): boolean {
  for (let i = from; i < to; i++) {
    if (!(Math.abs(weights[TAPS * i + TAPS - 1]!) < 1e-18)) return false;
  }
  return true;
}

/** The source voxels that some slices of the region need, borders mirrored out included. */
function pieceRange(
  { resampling, relation, region }: Evaluation,
  tables: AxisTables | null,
  [from, to]: Slices,
): BlockRange | undefined {
  const { source } = resampling;
  if (tables === null) {
    const piece = {
      start: [region.start[0], region.start[1], region.start[2] + from] as const,
      size: [region.size[0], region.size[1], to - from] as const,
    };
    const touched = obliqueTouch(relation.map, piece, source.size);
    if (touched === undefined) return undefined;
    return touched.map(([a, b]) => ({ from: a - 2, to: b + 2 })) as unknown as BlockRange;
  }
  const [x, y, z] = tables;
  const inside = { ...z, from: Math.max(z.from, from), to: Math.min(z.to, to) };
  const ranges = [x, y, inside].map((table) => touchedVoxels(table, TAPS));
  return ranges.some((r) => r === undefined)
    ? undefined
    : (ranges as [VoxelRange, VoxelRange, VoxelRange]);
}
