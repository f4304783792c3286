import { open } from 'node:fs/promises';
import { writeAll, type WriteOptions } from '@hecktor/files';
import type { Tensor } from '@hecktor/volume';
import { writeOutput } from './write-output.ts';

/**
 * Writes a tensor as a NumPy file (.npy, little-endian float32).
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED
 */
export async function writeTensor(
  path: string,
  { data, dims }: Tensor,
  options: WriteOptions = {},
): Promise<void> {
  const write = async (temporary: string): Promise<void> => {
    const handle = await open(temporary, 'wx');
    try {
      await writeAll(handle, npyHeader(dims));
      await writeAll(handle, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } finally {
      await handle.close();
    }
  };
  await writeOutput(path, write, options);
}

/** The header of NumPy's format 1.0: what follows it begins at a multiple of 64 bytes. */
function npyHeader(dims: readonly number[]): Buffer {
  const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims.join(', ')},), }`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]);
  const length = Math.ceil((start.length + about.length + 1) / 64) * 64 - start.length;
  start.writeUInt16LE(length, 8);
  return Buffer.concat([start, Buffer.from(`${about.padEnd(length - 1)}\n`, 'latin1')]);
}
