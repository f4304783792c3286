import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { HecktorError } from '@hecktor/errors';

/**
 * The path of `reference` below `folder`, which it may not leave: neither as an absolute path, nor
 * through `..`, nor through a symbolic link. A path that does not exist is only judged by its name.
 *
 * @throws HecktorError INPUT_PATH_UNSAFE
 */
export function safePath(folder: string, reference: string): string {
  const path = resolve(folder, reference);
  const isInside = !isAbsolute(reference) && !reference.includes('\0') && below(folder, path);
  const real = isInside ? realPath(path) : undefined;
  if (!isInside || (real !== undefined && !below(realpathSync(folder), real))) {
    throw new HecktorError('INPUT_PATH_UNSAFE', {
      file: reference,
      detail: `it leads out of ${folder}`,
    });
  }
  return path;
}

function below(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
