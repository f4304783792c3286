import { createGzip } from 'node:zlib';
import { HecktorError } from '@hecktor/errors';
import { writeAll } from '@hecktor/files';
import { scalarTypeOf, type Volume } from '@hecktor/volume';
import { bytesOf, bytesPerVoxel } from '../voxels.ts';
import { writeCompressed, writeImageFile } from '../write-file.ts';
import { NIFTI_TYPES } from './nifti-voxels.ts';

const MAX_SIZE = 32_767;
/** `xyzt_units`: millimetres and seconds, as ITK writes. */
const UNITS = 10;
const SCANNER = 1;

/** Writes a NIfTI-1 file, little-endian, with qform and sform both in scanner coordinates. */
export async function writeNifti(path: string, volume: Volume, gzip: boolean): Promise<void> {
  const parts = niftiParts(volume, path);
  return writeImageFile(path, async (handle) => {
    if (gzip) {
      await writeCompressed(handle, createGzip({ level: 3 }), parts);
    } else {
      for (const part of parts) await writeAll(handle, part);
    }
  });
}

/**
 * The bytes of a NIfTI-1 file, header and voxels, the latter not copied.
 *
 * @param file What messages call it.
 * @throws HecktorError IMAGE_UNSUPPORTED for a size NIfTI cannot hold.
 */
export function niftiParts(volume: Volume, file: string): readonly Uint8Array[] {
  if (volume.size.some((n) => n > MAX_SIZE)) {
    throw new HecktorError('IMAGE_UNSUPPORTED', {
      file,
      detail: `NIfTI cannot hold ${volume.size.join(' x ')} voxels`,
      cause: `a side has more than ${MAX_SIZE} voxels`,
      fix: 'write .mha instead',
    });
  }
  return [niftiHeader(volume), bytesOf(volume.data)];
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
  const shifts = [-origin[0], -origin[1], origin[2]];
  floats(256, [...quaternion, ...shifts]);
  shifts.forEach((shift, row) => {
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

/**
 * Decomposes a row-major orthonormal 3x3 matrix as NIfTI's qform holds it: b, c, d of the unit
 * quaternion whose a = sqrt(1 - b² - c² - d²) is not negative, and -1 as `handedness` when the third
 * column must be negated to make the matrix a rotation.
 */
function quaternionOf(matrix: readonly number[]) {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = matrix as [
    number, number, number, number, number, number, number, number, number,
  ]; // prettier-ignore
  const determinant =
    m0 * (m4 * m8 - m5 * m7) - m1 * (m3 * m8 - m5 * m6) + m2 * (m3 * m7 - m4 * m6);
  const handedness = determinant < 0 ? -1 : 1;
  const [r02, r12, r22] = [m2 * handedness, m5 * handedness, m8 * handedness];
  // Four times the squares of a, b, c, d; the largest is the safe one to divide by.
  const squares = [1 + m0 + m4 + r22, 1 + m0 - m4 - r22, 1 - m0 + m4 - r22, 1 - m0 - m4 + r22];
  const largest = squares.indexOf(Math.max(...squares));
  const root = Math.sqrt(Math.max(squares[largest]!, 0)) / 2;
  const quarter = 0.25 / root;
  const [ab, ac, ad] = [(m7 - r12) * quarter, (r02 - m6) * quarter, (m3 - m1) * quarter];
  const [bc, bd, cd] = [(m1 + m3) * quarter, (r02 + m6) * quarter, (r12 + m7) * quarter];
  const rows = [[root, ab, ac, ad], [ab, root, bc, bd], [ac, bc, root, cd], [ad, bd, cd, root]]; // prettier-ignore
  const [a, ...rest] = rows[largest]!;
  return { quaternion: rest.map((part) => (a! < 0 ? -part : part)), handedness };
}
