import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import type { OutputSocket } from './sockets.ts';
import type { WriteOptions } from '@hecktor/files';
import { writeOutput } from './write-output.ts';

/**
 * Writes one finite number or one boolean as JSON to its socket below the output folder.
 *
 * @returns The file's path.
 * @throws HecktorError MODEL_OUTPUT_INVALID for a number that JSON cannot hold; as
 * {@link writeAtomically} does otherwise.
 */
export async function writeJson(
  output: string,
  socket: OutputSocket,
  value: number | boolean,
  options: WriteOptions = {},
): Promise<string> {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: `${socket.name} is ${value}` });
  }
  const path = join(output, socket.path);
  await writeOutput(path, (temporary) => writeFileSync(temporary, JSON.stringify(value)), options);
  return path;
}
