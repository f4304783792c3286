import { statSync } from 'node:fs';
import { findImage } from './find-image.ts';
import { readInputsJson } from './inputs-json.ts';
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
    const slug = socket.slugs.find((name) => listed.has(name));
    const relative = slug === undefined ? socket.path : listed.get(slug)!;
    const path =
      socket.kind === 'image'
        ? findImage(folder, socket, relative)
        : existing(safePath(folder, relative));
    if (path !== undefined) found[socket.name] = path;
  }
  return found;
}

function existing(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : path;
}
