import { existsSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { isAbsolute, join, normalize, resolve } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { isBelow, isThere } from '@hecktor/files';
import { IMAGE_EXTENSIONS } from '@hecktor/image-io';
import { look, unreadable } from './look.ts';
import type { TaskInput } from './task.ts';

const MAX_LISTED = 8;

/**
 * The one image of an input: the file in its folder. Hidden files and files with other extensions
 * are not images; a .mhd with its .raw or .zraw counts once.
 *
 * Links in the usual folder are followed, as whoever prepared the case put them there. A path from
 * inputs.json comes from elsewhere and may not leave the input folder.
 *
 * @param listed Where inputs.json says that it is: the folder or the image itself.
 * @returns Its path; undefined when the input is optional and there is nothing.
 * @throws HecktorError INPUT_IMAGE_MISSING, INPUT_IMAGE_AMBIGUOUS (both list what was found) or
 * INPUT_PATH_UNSAFE.
 */
export function findImage(input: string, socket: TaskInput, listed?: string): string | undefined {
  const place = placeOf(input, socket, listed);
  const stat = look(place, 'INPUT_IMAGE_MISSING');
  if (stat?.isFile() === true) return place;
  const names = stat?.isDirectory() === true ? list(place) : [];
  const images = imagesAmong(place, names);
  if (images.length > 1) {
    throw new HecktorError('INPUT_IMAGE_AMBIGUOUS', {
      file: place,
      detail: `${images.length} images for ${socket.name}: ${quote(images)}`,
    });
  }
  if (images.length === 1) return placeOf(input, socket, listed, images[0]);
  if (socket.optional === true && names.length === 0 && !isBrokenLink(place, stat)) {
    return undefined;
  }
  const isListed = listed !== undefined;
  const found = describe(place, stat, names, isListed ? 'it' : 'the folder');
  throw new HecktorError('INPUT_IMAGE_MISSING', {
    file: place,
    detail: `no image for ${socket.name}, ${found}${isListed ? '; inputs.json names this path' : ''}`,
    ...trainingLayout(input),
  });
}

/**
 * Where an input is: below the input folder at its usual path, or where inputs.json says.
 *
 * @param name A file in that folder.
 * @throws HecktorError INPUT_PATH_UNSAFE
 */
export function placeOf(
  input: string,
  socket: TaskInput,
  listed: string | undefined,
  name = '',
): string {
  // inputs.json may repeat the usual path, which gives it nothing that it would not have anyway.
  const isUsual = listed === undefined || normalize(`${listed}/`) === `${socket.path}/`;
  return isUsual ? join(input, socket.path, name) : safePath(input, join(listed, name));
}

/**
 * The path of `reference` below `folder`, which it may not leave: neither as an absolute path, nor
 * through `..`, nor through a symbolic link. A path that does not exist is only judged by its name.
 *
 * @throws HecktorError INPUT_PATH_UNSAFE
 */
function safePath(folder: string, reference: string): string {
  const path = resolve(folder, reference);
  const unsafe = (how: string) =>
    new HecktorError('INPUT_PATH_UNSAFE', {
      file: reference,
      detail: `it leads out of ${folder}${how}`,
    });
  if (isAbsolute(reference) || reference.includes('\0') || !isBelow(folder, path)) throw unsafe('');
  if (existsSync(path) && !isBelow(realpathSync(folder), realpathSync(path))) {
    throw unsafe(' by a link');
  }
  return path;
}

/** The explanation for a patient's folder of the training set, which has another layout. */
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

function describe(
  place: string,
  stat: Stats | undefined,
  names: readonly string[],
  what: string,
): string {
  if (isBrokenLink(place, stat)) return `${what} is a link that leads nowhere`;
  if (stat === undefined) return `${what} does not exist`;
  if (!stat.isDirectory()) return `${what} is neither a file nor a folder`;
  return names.length === 0 ? 'the folder is empty' : `found only ${quote(names)}`;
}

/** A link to nothing is a broken input, not an absent one. */
function isBrokenLink(place: string, stat: Stats | undefined): boolean {
  return stat === undefined && isThere(place);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw unreadable(folder, 'INPUT_IMAGE_MISSING', error);
  }
}

/** The names of images; a folder of such a name is passed over where there is an image. */
function imagesAmong(folder: string, names: readonly string[]): readonly string[] {
  const images = names.filter((name) =>
    IMAGE_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension)),
  );
  if (images.length < 2) return images;
  const files = images.filter(
    (name) => look(join(folder, name), 'INPUT_IMAGE_MISSING')?.isDirectory() !== true,
  );
  return files.length > 0 ? files : images;
}

function quote(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  const shown = names.slice(0, MAX_LISTED).map((name) => `"${name}"`);
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
