import { HecktorError } from '@hecktor/errors';
import { modelMemory } from '@hecktor/onnx';
import type { EngineSettings, ModelFile } from '@hecktor/recipe';
import type { Grid } from '@hecktor/volume';
import { chooseEngine, thisMachine, type Machine } from './choose-engine.ts';
import { presentImages, type CaseImages } from './read-case.ts';

/** Bytes by what takes them. */
export type MemoryParts = Readonly<Record<string, number>>;

// Measured, in bytes; see "Memory" in docs/benchmarks.md.
/** Node, ONNX Runtime and the program. */
const PROGRAM = 180 * 2 ** 20;
/** Coefficients and slices of resampling. */
export const SCRATCH = 320 * 2 ** 20;
/** What is read, decoded or interpolated at once. */
export const BUFFERS = 128 * 2 ** 20;
/** Activations, for each voxel of its input, of a network whose file does not state shapes. */
const PER_VOXEL = 640;
/** What ONNX Runtime takes for each byte that its plan of buffers holds; measured: 0.8 to 1.7. */
const ARENA = 1.3;
/** The same of OpenVINO, whose buffers share one block; measured: 0.7 to 1.1, and 0.3 to 0.7. */
const OPENVINO = { float32: 1.15, bfloat16: 0.75 };

/** What networks see at a time, and what runs them. */
interface NetworkUse {
  readonly voxels: number;
  /** Default: 1. */
  readonly images?: number;
  /** Default: ONNX Runtime. */
  readonly inference?: EngineSettings | undefined;
}

/** Bytes of the largest network of a recipe: weights, twice, and what a run of `voxels` takes. */
export function networkBytes(
  models: readonly ModelFile[],
  { voxels, images = 1, inference = {} }: NetworkUse,
  machine: Machine = thisMachine(),
): number {
  const { engine, precision } = chooseEngine(inference, machine);
  const factor = engine === 'openvino' ? OPENVINO[precision] : ARENA;
  // Folds are of one architecture.
  const different = models.filter((one, i) => models.findIndex((m) => m.bytes === one.bytes) === i);
  const each = different.map(({ path, bytes }) => {
    const { activations } = modelMemory(path);
    const run = activations === undefined ? PER_VOXEL * voxels : factor * images * activations;
    return 2 * bytes + run;
  });
  return Math.max(0, ...each);
}

/** The parts of the stage that takes most, with what every stage takes. */
export function worst(...stages: readonly MemoryParts[]): MemoryParts {
  const largest = stages.reduce((best, stage) => (total(stage) > total(best) ? stage : best));
  return { program: PROGRAM, ...largest };
}

export function total(parts: MemoryParts): number {
  return Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes of the images that a case has. */
export function bytesOf(images: CaseImages): number {
  return presentImages(images).reduce((sum, [, { data }]) => sum + data.byteLength, 0);
}

/** Grids of the images that a case has. */
export function gridsOf(images: CaseImages): Record<string, Grid> {
  return Object.fromEntries(presentImages(images));
}

export function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/**
 * Throws where a run would take more than it may.
 *
 * @param sizes - What makes a part as large as it is, for the message.
 * @throws HecktorError OUT_OF_MEMORY with the numbers, the largest part and what makes it smaller.
 */
export function assertFits(
  parts: MemoryParts,
  limit: number,
  sizes: { readonly network: string; readonly tensor: string },
): void {
  if (total(parts) <= limit) return;
  const { network = 0, images = 0, program = 0 } = parts;
  const isNetwork = network > total(parts) - network - images - program;
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  const shares = Object.entries(parts).map(([name, bytes]) => `${name} ${gibibytes(bytes)}`);
  throw new HecktorError('OUT_OF_MEMORY', {
    detail:
      `the run would take ${gibibytes(total(parts))} GiB (${shares.join(', ')}), ` +
      `${gibibytes(limit)} GiB are there; no network has run`,
    cause: isNetwork ? sizes.network : sizes.tensor,
    fix: isNetwork
      ? 'grant more memory, or take smaller windows ("roi") or a smaller network'
      : 'grant more memory, or crop to a region of interest or take a coarser spacing in the recipe',
  });
}
