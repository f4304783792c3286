import { scalarTypeOf, voxelCount } from '@hecktor/volume';
import type { NumericVoxelArray } from '@hecktor/volume';
import { runInParts, type Engine } from '../engine.ts';
import type { CoefficientBlock, IntegerLimits, Sampling } from '../kernels/kernel-job.ts';
import { createImage, type LazyImage } from '../lazy-image.ts';
import { perAxis, type Region } from '../region.ts';
import { buildCoefficients } from './coefficients.ts';
import { resampleNearest } from './nearest.ts';
import { planPiece, regionTables, tooLarge, type Request, type Resampling } from './plan-piece.ts';
import { relateGrids } from './relate-grids.ts';

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
  return createImage(name, {
    grid: target,
    async read(region, engine) {
      const out = engine.float32(voxelCount(region));
      if (outside !== 0) out.fill(outside);
      if (interpolation === 'nearest') resampleNearest(resampling, relation, region, out);
      else await readPiece(request, region, { data: out, region }, engine);
      return out;
    },
    ...(interpolation !== 'nearest' && {
      async visit(region, slices, engine, visit) {
        const { start, size } = region;
        const slab = engine.slab(size[0] * size[1] * Math.min(slices, size[2]));
        await visitPiece(request, region, slab, engine, (values, z) => visit(values, z - start[2]));
      },
    }),
  });
}

/** The values of a region, of which pieces are being filled in. */
interface Output {
  readonly data: Float32Array;
  readonly region: Region;
}

/** Resamples a piece of an output. */
async function readPiece(
  request: Request,
  piece: Region,
  output: Output,
  engine: Engine,
): Promise<void> {
  const plan = planPiece(request, piece);
  if (plan === undefined) return;
  const axis = tooLarge(request, piece, plan, [0, 1, 2]);
  if (axis !== undefined) {
    for (const half of halves(piece, axis)) await readPiece(request, half, output, engine);
    return;
  }
  await evaluatePiece(request, await buildCoefficients(plan, engine), piece, output, engine);
}

/** Shows a piece some slices at a time, in an array that the next ones overwrite. */
async function visitPiece(
  request: Request,
  piece: Region,
  slab: Float32Array,
  engine: Engine,
  visit: (values: Float32Array, z: number) => void,
): Promise<void> {
  const plan = planPiece(request, piece);
  if (plan !== undefined && tooLarge(request, piece, plan, [2]) === 2) {
    for (const half of halves(piece, 2)) await visitPiece(request, half, slab, engine, visit);
    return;
  }
  const block = plan && (await buildCoefficients(plan, engine));
  const { start, size } = piece;
  const plane = size[0] * size[1];
  const most = slab.length / plane;
  for (let z = start[2]; z < start[2] + size[2]; z += most) {
    const depth = Math.min(most, start[2] + size[2] - z);
    const part: Region = { start: [start[0], start[1], z], size: [size[0], size[1], depth] };
    slab.fill(request.resampling.outside);
    if (block !== undefined) {
      await evaluatePiece(request, block, part, { data: slab, region: part }, engine);
    }
    visit(slab.subarray(0, plane * depth), z);
  }
}

/** Evaluates a piece from coefficients, which may be those of a larger one. */
async function evaluatePiece(
  { resampling, relation }: Request,
  block: CoefficientBlock,
  piece: Region,
  { data: out, region }: Output,
  engine: Engine,
): Promise<void> {
  const { source, limits, interpolation } = resampling;
  const { map, order } = relation;
  const sampling: Sampling =
    order === null
      ? {
          kind: 'oblique',
          map,
          start: piece.start,
          linear: interpolation === 'linear',
          sourceSize: source.size,
        }
      : { kind: 'separable', tables: regionTables(resampling, relation, piece) };
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
