import { createGzip } from 'node:zlib';
import { HecktorError } from '@hecktor/errors';
import { scalarTypeOf, type Volume } from '@hecktor/volume';
import { bytesOf, bytesPerVoxel } from '../voxel-buffer.ts';
import { writeAll, writeAtomically } from '../write-atomically.ts';
import { writeCompressed } from '../write-compressed.ts';
import { quaternionOf } from './quaternion.ts';
import { NIFTI_TYPES } from './nifti-layout.ts';

/** Dimensions are 16-bit in NIfTI-1. */
const MAX_SIZE = 32_767;
/** `xyzt_units`: millimetres and seconds, as ITK writes. */
const UNITS = 10;
const SCANNER = 1;

/**
 * Writes a NIfTI-1 file, little-endian, with qform and sform both in scanner coordinates.
 *
 * @throws HecktorError IMAGE_UNSUPPORTED when a side has more than 32767 voxels.
 */
export async function writeNifti(path: string, volume: Volume, gzip: boolean): Promise<void> {
  if (volume.size.some((n) => n > MAX_SIZE)) {
    throw new HecktorError('IMAGE_UNSUPPORTED', {
      file: path,
      detail: `NIfTI cannot hold ${volume.size.join(' x ')} voxels`,
      cause: `a side has more than ${MAX_SIZE} voxels`,
      fix: 'write .mha instead',
    });
  }
  const parts = [niftiHeader(volume), bytesOf(volume.data)];
  return writeAtomically(path, async (handle) => {
    if (gzip) {
      await writeCompressed(handle, createGzip({ level: 3 }), parts);
    } else {
      for (const part of parts) await writeAll(handle, part);
    }
  });
}

/** The 348-byte header and the four zero bytes that say "no extensions". */
function niftiHeader(volume: Volume): Uint8Array {
  const view = new DataView(new ArrayBuffer(352));
  const shorts = (at: number, values: readonly number[]) =>
    values.forEach((value, i) => view.setInt16(at + 2 * i, value, true));
  const floats = (at: number, values: readonly number[]) =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  const { size, spacing, origin } = volume;
  const type = scalarTypeOf(volume.data);
  const ras = rasDirection(volume.direction);
  const { quaternion, handedness } = quaternionOf(ras);

  view.setInt32(0, 348, true);
  view.setUint8(38, 'r'.charCodeAt(0));
  shorts(40, [3, ...size, 1, 1, 1, 1]);
  shorts(70, [NIFTI_TYPES[type], 8 * bytesPerVoxel(type)]);
  floats(76, [handedness, ...spacing, 1, 1, 1, 1]);
  floats(108, [352, 1, 0]);
  view.setUint8(123, UNITS);
  shorts(252, [SCANNER, SCANNER]);
  floats(256, [...quaternion, -origin[0], -origin[1], origin[2]]);
  [-origin[0], -origin[1], origin[2]].forEach((shift, row) => {
    const axes = [0, 1, 2].map((axis) => ras[3 * row + axis]! * spacing[axis]!);
    floats(280 + 16 * row, [...axes, shift]);
  });
  view.setUint32(344, 0x6e2b3100);
  return new Uint8Array(view.buffer);
}

/** LPS to RAS: the first two world axes change sign. */
function rasDirection(direction: Float64Array): readonly number[] {
  return Array.from(direction, (value, i) => (i < 6 ? -value : value) + 0);
}
