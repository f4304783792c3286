import { HecktorError } from '@hecktor/errors';
import { lstat, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';

/**
 * Throws for files in `resources/` that cannot be meant to be shipped, or are too large together:
 * separate weights are an archive of their own.
 */
export async function checkFiles(
  resources: string,
  weights: Weights,
  maxBytes: number,
): Promise<void> {
  const files = await resourceFiles(resources);
  const unwanted = files.flatMap((file) => {
    // Git needs these, and they are left out of the image anyway.
    if (/(^|\/)\.git(keep|ignore|attributes)$/.test(file)) return [];
    const kind = UNWANTED.find(({ is }) => is.test(file));
    return kind === undefined ? [] : [`${file} is ${kind.what}`];
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
    const [has, may] = [most, maxBytes].map((bytes) => `${(bytes / 1e9).toFixed(2)} GB`);
    const detail = `its files have ${has}, an archive may have ${may}`;
    throw new HecktorError('ARCHIVE_TOO_LARGE', { file: resources, detail });
  }
}

/** Whether a file is what Git leaves in a clone made without Git LFS. */
export async function isLfsPointer(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(24), 0, 24, 0);
    return buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs');
  } finally {
    await handle.close();
  }
}

export function listed(what: readonly string[], shown = 8): string {
  const more = what.length - shown;
  return what.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Kinds of files that have no place in an image. */
const UNWANTED: readonly { readonly what: string; readonly is: RegExp }[] = [
  {
    what: 'a checkpoint or pickle that only training reads',
    is: /\.(pth?|ckpt|pkl|pickle|joblib|h5|hdf5|npz?|safetensors)$/i,
  },
  { what: 'training code', is: /\.(py|pyc|ipynb)$/i },
  { what: 'a cache', is: /(^|\/)(__pycache__|\.?cache|node_modules)\// },
  { what: 'left behind by the desktop', is: /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i },
  { what: 'an unfinished or backup copy', is: /(~|\.(tmp|part|crdownload|bak|swp|orig))$/i },
  { what: 'an archive that nothing unpacks', is: /\.(zip|tar|tgz|tar\.gz|7z|rar)$/i },
  { what: 'a hidden file', is: /(^|\/)\./ },
];

/** The files of `resources/`, relative to it; what cannot be read to an end has no place there. */
export async function resourceFiles(resources: string): Promise<string[]> {
  const files = await filesIn(resources);
  for (const file of files) {
    const unexpected = await unexpectedKind(join(resources, file));
    if (unexpected === undefined) continue;
    throw new HecktorError('RESOURCE_UNWANTED', {
      file: join(resources, file),
      detail: `it is ${unexpected}, not a file`,
      cause: 'a link that was moved or copied without its target, or a leftover of another program',
      fix: 'put the file itself there, or remove it',
    });
  }
  return files;
}

async function unexpectedKind(path: string): Promise<string | undefined> {
  const isLink = (await lstat(path)).isSymbolicLink();
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (!isLink) throw error;
  });
  if (found === undefined) return 'a link that leads nowhere';
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a link to a folder';
  return isLink ? 'a link to a pipe, a socket or a device' : 'a pipe, a socket or a device';
}

/** Files that hold weights: ONNX models, the data files that large ones keep beside them, forests. */
export const isWeights = (path: string) => /\.(onnx|onnx_data|data|bin|trees)$/i.test(path);

/** Whether the weights are part of the image or come as an archive of their own. */
export type Weights = 'inside' | 'separate';
