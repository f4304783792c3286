import type { HecktorError } from '@hecktor/errors';
import {
  arrayClassOf,
  type Grid,
  type NumericVoxelArray,
  type ScalarType,
  type Vec3,
  type Volume,
  type VoxelArray,
} from '@hecktor/volume';
import type { ByteReader } from './byte-reader.ts';
import type { ReadContext } from './open-file.ts';

export function bytesPerVoxel(type: ScalarType): number {
  return arrayClassOf(type).BYTES_PER_ELEMENT;
}

/**
 * The number of voxels of a size that a header claims, after checking it.
 */
export function checkSize(size: Vec3, bytesEach: number, context: ReadContext): number {
  const { errors, maxBytes } = context;
  if (!size.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw errors.invalid(`the size is ${size.join(' x ')}, expected whole numbers >= 1`);
  }
  const count = size[0] * size[1] * size[2];
  if (count * bytesEach > maxBytes) {
    const limit = `more than the limit of ${maxBytes} bytes`;
    throw errors.tooLarge(`${size.join(' x ')} voxels of ${bytesEach} bytes, ${limit}`);
  }
  return count;
}

/** The grid of an image of up to three dimensions, or of more that have one voxel. */
export function toGrid(
  dimensions: number,
  { size, spacing, origin }: Readonly<Record<'size' | 'spacing' | 'origin', readonly number[]>>,
  cosine: (row: number, axis: number) => number | undefined,
): Grid {
  const three = (values: readonly number[], otherwise: number): Vec3 => [
    values[0] ?? otherwise,
    values[1] ?? otherwise,
    values[2] ?? otherwise,
  ];
  const direction = Float64Array.from({ length: 9 }, (_, i) => {
    const [row, axis] = [Math.floor(i / 3), i % 3];
    const given = row < dimensions && axis < dimensions ? cosine(row, axis) : undefined;
    return given ?? (row === axis ? 1 : 0);
  });
  return { size: three(size, 1), spacing: three(spacing, 1), origin: three(origin, 0), direction };
}

/** A zero-filled voxel array, on shared memory when the caller asked for that. */
export function allocateVoxels(type: ScalarType, count: number, shared: boolean): VoxelArray {
  const Class = arrayClassOf(type);
  const bytes = count * Class.BYTES_PER_ELEMENT;
  const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return new Class(buffer as ArrayBuffer);
}

/** The bytes of a voxel array, not copied. */
export function bytesOf(voxels: VoxelArray): Uint8Array {
  return new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
}

/** A multiple of every voxel size; small enough to report progress, large enough to be fast. */
const BLOCK_BYTES = 16 << 20;

interface VoxelLayout {
  readonly type: ScalarType;
  readonly count: number;
  readonly littleEndian: boolean;
}

/** Voxels that begin at a reader's position. All methods throw IMAGE_TRUNCATED for too few. */
export class VoxelReader {
  readonly #reader: ByteReader;
  readonly #layout: VoxelLayout;
  readonly #context: ReadContext;

  constructor(reader: ByteReader, layout: VoxelLayout, context: ReadContext) {
    this.#reader = reader;
    this.#layout = layout;
    this.#context = context;
  }

  get #bytes(): number {
    return this.#layout.count * bytesPerVoxel(this.#layout.type);
  }

  /** Throws when the reader cannot possibly hold the voxels that the header claims. */
  assertEnough(): void {
    if (this.#reader.atMost < this.#bytes) throw this.#truncated('the file is too short for that');
  }

  /** A new array of the voxels, allocated only if there can be enough of them. */
  async read(): Promise<VoxelArray> {
    this.assertEnough();
    const voxels = allocateVoxels(this.#layout.type, this.#layout.count, this.#context.shared);
    await this.fill(bytesOf(voxels));
    return voxels;
  }

  /** Reads straight into bytes that exist already (one slice of a volume, say). */
  async fill(target: Uint8Array): Promise<void> {
    for (let at = 0; at < target.length; at += BLOCK_BYTES) {
      await this.#readBlock(target.subarray(at, at + BLOCK_BYTES), at);
    }
  }

  /**
   * Reads block by block into `use`, for a caller that converts voxels: never more than one block of
   * the stored type is in memory.
   */
  async forEachBlock(use: (block: VoxelArray, firstVoxel: number) => void): Promise<void> {
    const { type, count } = this.#layout;
    const step = BLOCK_BYTES / bytesPerVoxel(type);
    for (let first = 0; first < count; first += step) {
      const block = allocateVoxels(type, Math.min(step, count - first), false);
      await this.#readBlock(bytesOf(block), first * bytesPerVoxel(type));
      use(block, first);
    }
  }

  /** Fills `block` with the bytes that lie `at` bytes behind the first voxel. */
  async #readBlock(block: Uint8Array, at: number): Promise<void> {
    const end = at + (await this.#reader.read(block));
    if (end < at + block.length) throw this.#truncated(`got ${end}`);
    if (!this.#layout.littleEndian) swapBytesInPlace(block, bytesPerVoxel(this.#layout.type));
    this.#context.onProgress(end / this.#bytes);
  }

  #truncated(found: string): HecktorError {
    return this.#context.errors.truncated(`expected ${this.#bytes} bytes of voxels, ${found}`);
  }
}

function swapBytesInPlace(bytes: Uint8Array, size: number): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) view.swap16();
  else if (size === 4) view.swap32();
  else if (size === 8) view.swap64();
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
