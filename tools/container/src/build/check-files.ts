import { HecktorError } from '@hecktor/errors';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { resourceFiles } from './odd-files.ts';
import { unwantedReason } from './unwanted-files.ts';
import { isWeights, type Weights } from './weights.ts';

/** Options of {@link checkFiles}. */
export interface CheckFilesOptions {
  /** Where the weights go; separate ones have a limit of their own. */
  weights: Weights;
  /** What the files of one archive may have together, bytes. */
  maxBytes: number;
}

/**
 * Throws for files in `resources/` that cannot be meant to be shipped.
 *
 * @throws HecktorError RESOURCE_UNWANTED, RESOURCE_LFS_POINTER or ARCHIVE_TOO_LARGE.
 */
export async function checkFiles(
  resources: string,
  { weights, maxBytes }: CheckFilesOptions,
): Promise<void> {
  const files = await resourceFiles(resources);
  const unwanted = files.flatMap((file) => {
    const reason = unwantedReason(file);
    return reason === undefined ? [] : [`${file} is ${reason}`];
  });
  if (unwanted.length > 0) {
    throw new HecktorError('RESOURCE_UNWANTED', { file: resources, detail: listed(unwanted) });
  }
  const pointers: string[] = [];
  const bytes = { image: 0, separate: 0 };
  for (const file of files) {
    const path = join(resources, file);
    if (await isLfsPointer(path)) pointers.push(file);
    const place = weights === 'separate' && isWeights(file) ? 'separate' : 'image';
    bytes[place] += (await stat(path)).size;
  }
  if (pointers.length > 0) {
    throw new HecktorError('RESOURCE_LFS_POINTER', { file: resources, detail: listed(pointers) });
  }
  const most = Math.max(bytes.image, bytes.separate);
  if (most > maxBytes) {
    throw new HecktorError('ARCHIVE_TOO_LARGE', {
      file: resources,
      detail: `its files have ${(most / 1e9).toFixed(2)} GB, an archive may have ${(maxBytes / 1e9).toFixed(2)} GB`,
    });
  }
}

async function isLfsPointer(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(24), 0, 24, 0);
    return buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs');
  } finally {
    await handle.close();
  }
}

function listed(what: readonly string[], shown = 8): string {
  const more = what.length - shown;
  return what.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
