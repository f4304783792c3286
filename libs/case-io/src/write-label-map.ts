import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import type { Volume } from '@hecktor/volume';
import type { OutputSocket } from './sockets.ts';
import { writeAtomically, type WriteOptions } from './write-atomically.ts';

/**
 * Writes a label map, compressed, to its socket below the output folder.
 *
 * @returns The file's path.
 * @throws HecktorError as {@link writeAtomically} does.
 */
export async function writeLabelMap(
  output: string,
  socket: OutputSocket,
  labels: Volume<Uint8Array>,
  options: WriteOptions = {},
): Promise<string> {
  const path = join(output, socket.path);
  const write = (temporary: string) => writeVolume(temporary, labels, { compress: true });
  await writeAtomically(path, write, options);
  return path;
}
