import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep, win32 } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import type { ReadContext } from '../read-context.ts';

/**
 * The real path of a file that an image header names, relative to the header.
 *
 * @throws HecktorError IMAGE_OUTSIDE_FOLDER for an absolute path, a parent folder, or a link that
 * leads out of `context.root`; IMAGE_DATA_FILE_MISSING when there is no such file.
 */
export async function resolveReference(name: string, context: ReadContext): Promise<string> {
  const outside = (detail: string) =>
    new HecktorError('IMAGE_OUTSIDE_FOLDER', { file: context.path, detail });
  if (name === '' || name.includes('\0')) {
    throw new HecktorError('IMAGE_HEADER_INVALID', {
      file: context.path,
      detail: 'the name of a data file is empty or holds a null byte',
    });
  }
  if (isAbsolute(name) || win32.isAbsolute(name) || /^[A-Za-z]:/.test(name)) {
    throw outside(`"${name}" is an absolute path`);
  }
  if (name.split(/[\\/]/).includes('..')) throw outside(`"${name}" leads to a parent folder`);
  const root = await realpath(context.root);
  let target: string;
  try {
    target = await realpath(join(dirname(context.path), name));
  } catch (error) {
    throw new HecktorError('IMAGE_DATA_FILE_MISSING', {
      file: context.path,
      detail: `"${name}" is not there`,
      origin: error,
    });
  }
  const way = relative(root, target);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw outside(`"${name}" is a link that leads out of the folder`);
  }
  return target;
}
