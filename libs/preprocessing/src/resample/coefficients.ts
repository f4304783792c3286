import { copyBox, perAxis, voxelCount } from '@hecktor/volume';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { runInParts, type Engine } from '../engine.ts';
import type { AxisReach, CoefficientBlock, StridedSource } from '../kernels/kernel-job.ts';
import { throwNotFinite } from '../lazy-image.ts';
import type { AxisOrder } from './relate-grids.ts';

/**
 * Voxels beyond a cut that the filter runs in over. It forgets by 0.268 a voxel: 0.268^40 is 1e-23,
 * so that integers meet the very values, to the last bit of a double, that they would have had.
 */
const INTEGER_MARGIN = 40;
/** The same where positions are evaluated at once, whose last bit nothing depends on: 1e-16. */
const PLACED_MARGIN = 28;
/**
 * The same for float images: where they have stretches of exact zeros the filter's tails decide
 * whether a voxel counts as exactly 0, and a z-score of non-zero voxels depends on it. float32 knows
 * them down to 1e-45 = 0.268^79 of 1, or 0.268^96 of 1e10.
 */
const FLOAT_MARGIN = 96;
/** Linear interpolation reads voxels beyond the border with weight 0. */
const BORDER = 2;

/** Source voxels along one axis, `[from, to)`, which may reach past the image's border. */
interface VoxelRange {
  readonly from: number;
  readonly to: number;
}

export type BlockRange = readonly [VoxelRange, VoxelRange, VoxelRange];

/** What coefficients to make of a source. */
export interface CoefficientRequest {
  readonly name: string;
  readonly source: Volume<NumericVoxelArray>;
  /** The source's axis that each of the block's axes runs along. */
  readonly order: AxisOrder;
  readonly range: BlockRange;
  /** The axes, of x and y, that are brought to their output positions at once. */
  readonly placed: CoefficientBlock['placed'];
  readonly prefilter: boolean;
  /** True when results are truncated to integers. */
  readonly whole: boolean;
}

/** Makes the interpolation coefficients of a box of voxels, from that box and margins around it. */
export async function buildCoefficients(
  request: CoefficientRequest,
  engine: Engine,
): Promise<CoefficientBlock> {
  const { prefilter, name } = request;
  const reach = reachOf(request);
  const { lo, size } = blockBox(request, reach);
  const block = { data: engine.scratch(voxelCount({ size })), lo, size, placed: request.placed };
  const source = shareSource(request, reach, engine);
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
  if (status[0] !== 0) throwNotFinite(name);
  await runInParts(engine, [0, size[1]], (rows) => ({
    kind: 'filter-columns',
    block,
    reach: reach[2],
    rows,
    prefilter,
  }));
  return block;
}

/** Voxels around a box that are filtered with it. */
export function marginOf({ prefilter, whole, placed }: CoefficientRequest): number {
  if (!prefilter) return BORDER;
  if (!whole) return FLOAT_MARGIN;
  return placed.some((table) => table !== null) ? PLACED_MARGIN : INTEGER_MARGIN;
}

/** Bytes that {@link buildCoefficients} takes. */
export function blockBytes(request: CoefficientRequest): number {
  return 8 * voxelCount(blockBox(request, reachOf(request)));
}

type Reach = readonly [AxisReach, AxisReach, AxisReach];

function reachOf(request: CoefficientRequest): Reach {
  const { source, order, range } = request;
  const margin = marginOf(request);
  const along = (a: 0 | 1 | 2): AxisReach => {
    const length = source.size[order[a]];
    const from = Math.max(range[a].from - margin, 0);
    return { length, from, to: Math.min(range[a].to + margin, length) };
  };
  return [along(0), along(1), along(2)];
}

/**
 * The block: along x and y the range or the output positions, along z the margin too, because z is
 * filtered in place.
 */
function blockBox({ range: [x, y, z], placed }: CoefficientRequest, reach: Reach) {
  const [{ from: x0, to: x1 }, { from: y0, to: y1 }] = [placed[0] ?? x, placed[1] ?? y];
  const from = Math.min(z.from, reach[2].from);
  const to = Math.max(z.to, reach[2].to);
  return { lo: [x0, y0, from], size: [x1 - x0, y1 - y0, to - from] } as const;
}

/** The source as threads can read it: itself when it lies on shared memory, else a copy of a box. */
function shareSource(
  { source, order }: CoefficientRequest,
  reach: Reach,
  engine: Engine,
): StridedSource {
  const { data, size: whole } = source;
  const size = perAxis((a) => whole[order[a]]);
  const inOrder = (own: readonly number[]) => perAxis((a) => own[order[a]]!);
  if (!engine.parallel || data.buffer instanceof SharedArrayBuffer) {
    return { data, strides: inOrder([1, whole[0], whole[0] * whole[1]]), lo: [0, 0, 0], size };
  }
  const start = [0, 0, 0] as [number, number, number];
  const count = [0, 0, 0] as [number, number, number];
  order.forEach((axis, a) => {
    start[axis] = reach[a]!.from;
    count[axis] = reach[a]!.to - reach[a]!.from;
  });
  const Class = data.constructor as new (buffer: SharedArrayBuffer) => NumericVoxelArray;
  const bytes = voxelCount({ size: count }) * data.BYTES_PER_ELEMENT;
  const copy = new Class(new SharedArrayBuffer(bytes));
  copyBox(source, { start, size: count }, copy);
  const strides = inOrder([1, count[0], count[0] * count[1]]);
  return { data: copy, strides, lo: perAxis((a) => reach[a].from), size };
}
