import type { Engine } from '../engine.ts';
import { runInParts } from '../engine.ts';
import { assertFinite } from '../images/non-finite.ts';
import { shareSource } from '../images/strided-source.ts';
import type { AxisReach, CoefficientBlock, StridedSource } from '../kernels/kernel-job.ts';
import { perAxis } from '../region.ts';
import type { BlockRange } from './coefficient-cache.ts';
import { hasZeroRun } from './has-zero-run.ts';

/**
 * Voxels beyond a cut that the filter runs in over: 0.268^20 is 4e-12, so that the error is far
 * below the required 1e-3 HU.
 */
const MARGIN = 20;
/**
 * The same where whole stretches of the image are exactly 0 and the result is a float: the filter's
 * tails decide whether a voxel counts as exactly 0, and float32 knows them down to 1e-45 = 0.268^79
 * of 1, or 0.268^96 of 1e10.
 */
const WIDE_MARGIN = 96;
/**
 * The same where every bit counts: 0.268^64 is 2e-37, far below the last bit of a double, so that
 * the filter runs into the very values it would have had.
 */
const EXACT_MARGIN = 64;
/** Linear interpolation reads voxels beyond the border with weight 0. */
const BORDER = 2;

/** What coefficients to make of a source. */
export interface CoefficientRequest {
  readonly name: string;
  readonly source: StridedSource;
  readonly range: BlockRange;
  readonly prefilter: boolean;
  /** What has to be right to the last bit: everything, which results are exactly 0, or nothing. */
  readonly exact: 'all' | 'zeros' | 'none';
}

/** Makes the interpolation coefficients of a box of voxels, from that box and margins around it. */
export async function buildCoefficients(
  request: CoefficientRequest,
  engine: Engine,
): Promise<CoefficientBlock> {
  const { range, prefilter } = request;
  const reach = chooseReach(request);
  const lo = perAxis((a) => (a === 2 ? Math.min(range[2].from, reach[2].from) : range[a].from));
  const end = perAxis((a) => (a === 2 ? Math.max(range[2].to, reach[2].to) : range[a].to));
  const size = perAxis((a) => end[a] - lo[a]);
  const block = { data: engine.float64(size[0] * size[1] * size[2]), lo, size };
  const source = shareSource(
    request.source,
    { start: perAxis((a) => reach[a].from), size: perAxis((a) => reach[a].to - reach[a].from) },
    engine,
  );
  const status = engine.int32(1);
  await runInParts(engine, [reach[2].from, reach[2].to], (slices) => ({
    kind: 'filter-slices',
    source,
    block,
    reach,
    slices,
    prefilter,
    status,
  }));
  assertFinite(status, request.name);
  await runInParts(engine, [0, size[1]], (rows) => ({
    kind: 'filter-columns',
    block,
    reach: reach[2],
    rows,
    prefilter,
  }));
  return block;
}

type Reach = readonly [AxisReach, AxisReach, AxisReach];

function chooseReach(request: CoefficientRequest): Reach {
  if (!request.prefilter) return reachOf(request, BORDER);
  const narrow = reachOf(request, MARGIN);
  if (request.exact === 'all') return reachOf(request, EXACT_MARGIN);
  const wide = request.exact === 'zeros' && hasZeroRun(request.source, narrow, MARGIN);
  return wide ? reachOf(request, WIDE_MARGIN) : narrow;
}

function reachOf({ source, range }: CoefficientRequest, margin: number): Reach {
  const along = (a: 0 | 1 | 2): AxisReach => ({
    length: source.size[a],
    from: Math.max(range[a].from - margin, 0),
    to: Math.min(range[a].to + margin, source.size[a]),
  });
  return [along(0), along(1), along(2)];
}

/** Bytes of the coefficient block of a range at most, on an image with `depth` slices. */
export function coefficientBytes(range: BlockRange, depth: number, prefilter: boolean): number {
  const [x, y, z] = range;
  const margin = prefilter ? WIDE_MARGIN : BORDER;
  const slices = Math.min(z.to - z.from + 2 * margin, depth + 4);
  return 8 * (x.to - x.from) * (y.to - y.from) * slices;
}
