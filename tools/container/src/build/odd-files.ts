import { HecktorError } from '@hecktor/errors';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';

/**
 * The files of `resources/`, relative to it. A link to a file counts as that file; what cannot be
 * read to an end, or leads nowhere, has no place there.
 *
 * @throws HecktorError RESOURCE_UNWANTED
 */
export async function resourceFiles(resources: string): Promise<string[]> {
  const files = await filesIn(resources);
  for (const file of files) {
    const odd = await oddKind(join(resources, file));
    if (odd === undefined) continue;
    throw new HecktorError('RESOURCE_UNWANTED', {
      file: join(resources, file),
      detail: `it is ${odd}, not a file`,
      cause: 'a link that was moved or copied without its target, or a leftover of another program',
      fix: 'put the file itself there, or remove it',
    });
  }
  return files;
}

async function oddKind(path: string): Promise<string | undefined> {
  const isLink = (await lstat(path)).isSymbolicLink();
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (!isLink) throw error;
  });
  if (found === undefined) return 'a link that leads nowhere';
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a link to a folder';
  return isLink ? 'a link to a pipe, a socket or a device' : 'a pipe, a socket or a device';
}
