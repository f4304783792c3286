import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { findImage } from './find-image.ts';
import { readInputsJson, type ListedInputs } from './inputs-json.ts';
import { isThere } from '@hecktor/files';
import { safePath } from './safe-path.ts';
import type { InputSocket } from './sockets.ts';

/** Paths of the inputs that are there, by the socket's name. */
export type FoundInputs = Readonly<Record<string, string>>;

/**
 * Finds the inputs of a case. Where inputs.json lists a socket, its path is used, else the
 * challenge's usual one. A missing JSON input is left out; the caller decides what that means.
 *
 * @throws HecktorError as {@link findImage} and {@link readInputsJson} do.
 */
export function findInputs(folder: string, sockets: readonly InputSocket[]): FoundInputs {
  const listed = readInputsJson(folder);
  const found: Record<string, string> = {};
  for (const socket of sockets) {
    const relative = listedPath(folder, socket, listed) ?? socket.path;
    const path =
      socket.kind === 'image'
        ? findImage(folder, socket, relative)
        : existing(safePath(folder, relative));
    if (path === undefined) continue;
    const twin = Object.keys(found).find((name) => found[name] === path);
    if (twin !== undefined) {
      throw new HecktorError('INPUT_IMAGE_AMBIGUOUS', {
        file: path,
        detail: `it would be both ${twin} and ${socket.name}`,
        cause: 'inputs.json gives two sockets the same path',
        fix: 'correct inputs.json, or remove it',
      });
    }
    found[socket.name] = path;
  }
  return found;
}

function listedPath(folder: string, socket: InputSocket, listed: ListedInputs): string | undefined {
  const paths = new Set(socket.slugs.flatMap((slug) => listed.get(slug) ?? []));
  if (paths.size > 1) {
    throw new HecktorError('INPUT_JSON_INVALID', {
      file: join(folder, 'inputs.json'),
      detail: `it lists ${socket.name} at ${[...paths].map((path) => `"${path}"`).join(' and ')}`,
      fix: 'leave one entry for each input',
    });
  }
  return [...paths][0];
}

function existing(path: string): string | undefined {
  return isThere(path) ? path : undefined;
}
