import { HecktorError } from '@hecktor/errors';
import type { ScalarType, VoxelArray } from '@hecktor/volume';
import type { ByteReader } from './byte-reader.ts';
import type { ReadContext } from './read-context.ts';
import { allocateVoxels, bytesOf, bytesPerVoxel, swapBytesInPlace } from './voxel-buffer.ts';

/** A multiple of every voxel size; small enough to report progress, large enough to be fast. */
const BLOCK_BYTES = 16 << 20;

/** How voxels are stored in a file. */
export interface VoxelLayout {
  readonly type: ScalarType;
  readonly count: number;
  readonly littleEndian: boolean;
}

/**
 * Reads voxels from the reader's position straight into a new array, swapping bytes in place.
 *
 * @throws HecktorError IMAGE_TRUNCATED when the data ends early; before anything is allocated when
 * the file is too short to hold it.
 */
export async function readVoxels(
  reader: ByteReader,
  layout: VoxelLayout,
  context: ReadContext,
): Promise<VoxelArray> {
  assertEnough(reader, layout, context);
  const voxels = allocateVoxels(layout.type, layout.count, context);
  await fillVoxels(reader, layout, bytesOf(voxels), context);
  return voxels;
}

/** As {@link readVoxels}, into bytes that exist already (one slice of a volume, say). */
export async function fillVoxels(
  reader: ByteReader,
  layout: VoxelLayout,
  target: Uint8Array,
  context: ReadContext,
): Promise<void> {
  const size = bytesPerVoxel(layout.type);
  for (let at = 0; at < target.length; at += BLOCK_BYTES) {
    const block = target.subarray(at, at + BLOCK_BYTES);
    const got = await reader.read(block);
    if (got < block.length) throw truncated(layout, at + got, context);
    if (!layout.littleEndian) swapBytesInPlace(block, size);
    context.onProgress((at + got) / target.length);
  }
}

/**
 * Reads voxels block by block into `use`, for a caller that converts them: never more than one
 * block of the stored type is in memory.
 */
export async function readVoxelBlocks(
  reader: ByteReader,
  layout: VoxelLayout,
  context: ReadContext,
  use: (block: VoxelArray, firstVoxel: number) => void,
): Promise<void> {
  const step = BLOCK_BYTES / bytesPerVoxel(layout.type);
  const plain = { ...context, shared: false };
  for (let first = 0; first < layout.count; first += step) {
    const block = allocateVoxels(layout.type, Math.min(step, layout.count - first), plain);
    const bytes = bytesOf(block);
    const got = await reader.read(bytes);
    if (got < bytes.length) {
      throw truncated(layout, first * bytesPerVoxel(layout.type) + got, context);
    }
    if (!layout.littleEndian) swapBytesInPlace(bytes, bytesPerVoxel(layout.type));
    use(block, first);
    context.onProgress((first + block.length) / layout.count);
  }
}

/** Throws when the reader cannot possibly hold the voxels that the header claims. */
export function assertEnough(reader: ByteReader, layout: VoxelLayout, context: ReadContext): void {
  if (reader.atMost < layout.count * bytesPerVoxel(layout.type)) {
    throw truncated(layout, undefined, context);
  }
}

function truncated(layout: VoxelLayout, got: number | undefined, context: ReadContext) {
  const expected = layout.count * bytesPerVoxel(layout.type);
  const found = got === undefined ? 'the file is too short for that' : `got ${got}`;
  return new HecktorError('IMAGE_TRUNCATED', {
    file: context.path,
    detail: `expected ${expected} bytes of voxels, ${found}`,
  });
}
