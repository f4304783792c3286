import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import type { Volume } from '@hecktor/volume';
import type { OutputSocket } from './sockets.ts';
import type { WriteOptions } from '@hecktor/files';
import { writeOutput } from './write-output.ts';

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
  await writeOutput(path, write, options);
  return path;
}
