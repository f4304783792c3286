import {
  arrayClassOf,
  type NumericVoxelArray,
  type ScalarType,
  type Vec3,
  type Volume,
  type VoxelArray,
} from '@hecktor/volume';
import type { ByteReader } from './byte-reader.ts';
import { imageError, type ReadContext } from './open-file.ts';

/** Bytes of one voxel. */
export function bytesPerVoxel(type: ScalarType): number {
  return arrayClassOf(type).BYTES_PER_ELEMENT;
}

/**
 * The number of voxels of a size that a header claims, after checking it.
 *
 * @throws HecktorError IMAGE_HEADER_INVALID for sizes that are not whole numbers >= 1,
 * IMAGE_TOO_LARGE when the voxels would take more than `context.maxBytes`.
 */
export function checkSize(size: Vec3, bytesEach: number, context: ReadContext): number {
  if (!size.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    const detail = `the size is ${size.join(' x ')}, expected whole numbers >= 1`;
    throw imageError('IMAGE_HEADER_INVALID', context.path, detail);
  }
  const count = size[0] * size[1] * size[2];
  if (count * bytesEach > context.maxBytes) {
    const limit = `more than the limit of ${context.maxBytes} bytes`;
    const detail = `${size.join(' x ')} voxels of ${bytesEach} bytes, ${limit}`;
    throw imageError('IMAGE_TOO_LARGE', context.path, detail);
  }
  return count;
}

/** Three numbers of an image of fewer or more dimensions. */
export function toThree(values: readonly number[], otherwise: number): Vec3 {
  return [values[0] ?? otherwise, values[1] ?? otherwise, values[2] ?? otherwise];
}

/** A zero-filled voxel array, on shared memory when the caller asked for that. */
export function allocateVoxels(type: ScalarType, count: number, context: ReadContext): VoxelArray {
  const Class = arrayClassOf(type);
  const bytes = count * Class.BYTES_PER_ELEMENT;
  const buffer = context.shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return new Class(buffer as ArrayBuffer);
}

/** The bytes of a voxel array, not copied. */
export function bytesOf(voxels: VoxelArray): Uint8Array {
  return new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
}

/** Reverses the bytes of every element of `size` bytes, in place. */
function swapBytesInPlace(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) view.swap16();
  else if (size === 4) view.swap32();
  else view.swap64();
}

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
  for (let at = 0; at < target.length; at += BLOCK_BYTES) {
    await readBlock(reader, layout, target.subarray(at, at + BLOCK_BYTES), at, context);
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
  const size = bytesPerVoxel(layout.type);
  const step = BLOCK_BYTES / size;
  const plain = { ...context, shared: false };
  for (let first = 0; first < layout.count; first += step) {
    const block = allocateVoxels(layout.type, Math.min(step, layout.count - first), plain);
    await readBlock(reader, layout, bytesOf(block), first * size, context);
    use(block, first);
  }
}

/** Fills `block` with the bytes that lie `at` bytes behind the first voxel. */
async function readBlock(
  reader: ByteReader,
  layout: VoxelLayout,
  block: Uint8Array,
  at: number,
  context: ReadContext,
): Promise<void> {
  const size = bytesPerVoxel(layout.type);
  const end = at + (await reader.read(block));
  if (end < at + block.length) throw truncated(layout, end, context);
  if (!layout.littleEndian) swapBytesInPlace(block, size);
  context.onProgress(end / (layout.count * size));
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
  const detail = `expected ${expected} bytes of voxels, ${found}`;
  return imageError('IMAGE_TRUNCATED', context.path, detail);
}

/**
 * The same volume with voxels that are JavaScript numbers, as all computing needs: 64-bit integers
 * become float64 (exact up to 2^53), every other type is passed on, not copied.
 */
export function toNumeric(volume: Volume): Volume<NumericVoxelArray> {
  const { data } = volume;
  if (!(data instanceof BigInt64Array) && !(data instanceof BigUint64Array)) {
    return volume as Volume<NumericVoxelArray>;
  }
  const numbers = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
  return { ...volume, data: numbers };
}
