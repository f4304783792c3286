import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { IMAGE_EXTENSIONS } from '@hecktor/image-io';
import type { InputSocket } from './sockets.ts';

const MAX_LISTED = 8;

/**
 * The one image in a socket's folder. Hidden files and files with other extensions are no images; a
 * .mhd with its .raw or .zraw counts once. `relative` may name the image itself, too.
 *
 * @returns Its path; undefined when the socket is optional and holds no image.
 * @throws HecktorError INPUT_IMAGE_MISSING, INPUT_IMAGE_AMBIGUOUS (both list what was found) or
 * INPUT_PATH_UNSAFE.
 */
export function findImage(
  input: string,
  socket: InputSocket,
  relative = socket.path,
): string | undefined {
  const place = safePath(input, relative);
  const stat = look(place);
  if (stat?.isFile() === true) return place;
  const names = stat?.isDirectory() === true ? list(place) : [];
  const images = names.filter(isImage);
  if (images.length > 1) {
    throw new HecktorError('INPUT_IMAGE_AMBIGUOUS', {
      file: place,
      detail: `${images.length} images for ${socket.name}: ${quote(images)}`,
    });
  }
  if (images.length === 1) return safePath(input, join(relative, images[0]!));
  if (socket.optional === true && names.length === 0 && !leadsNowhere(place, stat))
    return undefined;
  throw new HecktorError('INPUT_IMAGE_MISSING', {
    file: place,
    detail: `no image for ${socket.name}, ${whatIs(place, stat, names)}`,
    ...trainingLayout(input),
  });
}

/** A patient's folder of the training set, which has another layout. */
function trainingLayout(input: string): { cause: string; fix: string } | undefined {
  let names: string[];
  try {
    names = readdirSync(input);
  } catch {
    // It is not needed for anything else.
    return undefined;
  }
  if (!names.some((name) => /__(CT|PT)\./.test(name))) return undefined;
  return {
    cause: "this is a patient's folder of the training set, which is laid out in another way",
    fix:
      'score the whole set with `nx run <task>:evaluate`, or put the CT into images/ct and the PET ' +
      'into images/pet',
  };
}

function whatIs(place: string, stat: Stats | undefined, names: readonly string[]): string {
  if (leadsNowhere(place, stat)) return 'the folder is a link that leads nowhere';
  if (stat === undefined) return 'the folder does not exist';
  return names.length === 0 ? 'the folder is empty' : `found only ${quote(names)}`;
}

/** A link to nothing is a broken input, not an absent one. */
function leadsNowhere(place: string, stat: Stats | undefined): boolean {
  return stat === undefined && isThere(place);
}

function look(place: string): Stats | undefined {
  try {
    return statSync(place, { throwIfNoEntry: false });
  } catch (error) {
    throw new HecktorError('INPUT_IMAGE_MISSING', {
      file: place.slice(0, 300),
      detail: `it cannot be looked at (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      cause: 'a link to itself, a path that is too long, or missing permissions',
      origin: error,
    });
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw new HecktorError('INPUT_IMAGE_MISSING', {
      file: folder,
      detail: 'the folder cannot be listed',
      cause: 'missing permissions on the mounted folder',
      fix: 'make the case readable for the user of the container',
      origin: error,
    });
  }
}

function isImage(name: string): boolean {
  const lower = name.toLowerCase();
  return IMAGE_EXTENSIONS.some((extension) => lower.endsWith(extension));
}

function quote(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  const shown = names.slice(0, MAX_LISTED).map((name) => `"${name}"`);
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

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
