import { HecktorError } from '@hecktor/errors';
import { arrayClassOf, type ScalarType, type Vec3, type VoxelArray } from '@hecktor/volume';
import type { ReadContext } from './read-context.ts';

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
    throw new HecktorError('IMAGE_HEADER_INVALID', {
      file: context.path,
      detail: `the size is ${size.join(' x ')}, expected whole numbers >= 1`,
    });
  }
  const count = size[0] * size[1] * size[2];
  if (count * bytesEach > context.maxBytes) {
    throw new HecktorError('IMAGE_TOO_LARGE', {
      file: context.path,
      detail:
        `${size.join(' x ')} voxels of ${bytesEach} bytes, ` +
        `more than the limit of ${context.maxBytes} bytes`,
    });
  }
  return count;
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
export function swapBytesInPlace(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) view.swap16();
  else if (size === 4) view.swap32();
  else view.swap64();
}
