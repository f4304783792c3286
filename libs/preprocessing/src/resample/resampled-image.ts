import { pasteBox, perAxis, scalarTypeOf, voxelCount } from '@hecktor/volume';
import type { NumericVoxelArray, Region } from '@hecktor/volume';
import { runInParts, type Engine } from '../engine.ts';
import type { CoefficientBlock, IntegerLimits, Sampling } from '../kernels/kernel-job.ts';
import { createImage, slabSlices, type LazyImage } from '../lazy-image.ts';
import { buildCoefficients } from './coefficients.ts';
import { resampleNearest } from './nearest.ts';
import { planPiece, regionTables, tooLarge, type Request, type Resampling } from './plan-piece.ts';
import { relateGrids } from './relate-grids.ts';

/** Most voxels that are made at once, 32 MiB, of which the first slices take longer than the rest. */
const SLAB_VOXELS = 8 * 2 ** 20;

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
  const request = { resampling, relation };
  if (interpolation === 'nearest') {
    return createImage(name, {
      grid: target,
      async read(region) {
        const out = new Float32Array(voxelCount(region));
        if (outside !== 0) out.fill(outside);
        resampleNearest(resampling, relation, region, out);
        return out;
      },
    });
  }
  return createImage(name, {
    grid: target,
    async read(region, engine) {
      const out = new Float32Array(voxelCount(region));
      await visitPiece(request, region, [0, 1, 2], engine, (values, { start, size }) => {
        const at = perAxis((a) => start[a] - region.start[a]);
        pasteBox(values, { start: at, size }, region.size, out);
      });
      return out;
    },
    async visit(region, engine, visit) {
      await visitPiece(request, region, [2], engine, (values, { start }) =>
        visit(values, start[2] - region.start[2]),
      );
    },
  });
}

/**
 * Shows a piece some slices at a time, in an array that the next ones overwrite. A piece whose
 * coefficients take too much memory is halved along one of the axes.
 */
async function visitPiece(
  request: Request,
  piece: Region,
  axes: readonly (0 | 1 | 2)[],
  engine: Engine,
  visit: (values: Float32Array, part: Region) => void,
): Promise<void> {
  const plan = planPiece(request, piece);
  const axis = plan && tooLarge(request, piece, plan, axes);
  if (axis !== undefined) {
    for (const half of halves(piece, axis)) await visitPiece(request, half, axes, engine, visit);
    return;
  }
  const block = plan && (await buildCoefficients(plan, engine));
  const { start, size } = piece;
  const plane = size[0] * size[1];
  const most = slabSlices(size, SLAB_VOXELS);
  const slab = engine.slab(plane * Math.min(most, size[2]));
  for (let z = start[2]; z < start[2] + size[2]; z += most) {
    const depth = Math.min(most, start[2] + size[2] - z);
    const part: Region = { start: [start[0], start[1], z], size: [size[0], size[1], depth] };
    const out = slab.subarray(0, plane * depth);
    await evaluatePart(request, block, part, out, engine);
    visit(out, part);
  }
}

/** Evaluates a part of the output from coefficients, which may be those of a larger one. */
async function evaluatePart(
  { resampling, relation }: Request,
  block: CoefficientBlock | undefined,
  part: Region,
  out: Float32Array,
  engine: Engine,
): Promise<void> {
  const { source, limits, interpolation, outside } = resampling;
  const { map, order } = relation;
  const { start, size } = part;
  const tables = order === null ? null : regionTables(resampling, relation, part);
  const covered = tables?.every(({ from, to }, a) => from === 0 && to === size[a]) ?? false;
  if (block === undefined || !covered) out.fill(outside);
  if (block === undefined) return;
  const sampling: Sampling =
    tables === null
      ? { kind: 'oblique', map, start, linear: interpolation === 'linear', sourceSize: source.size }
      : { kind: 'separable', tables };
  await runInParts(engine, [0, size[1]], (rows) => ({
    kind: 'evaluate',
    block,
    sampling,
    limits,
    size,
    rows,
    out,
  }));
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
