import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and the parents that are missing.
 *
 * Node's own recursive `mkdir` never returns where a folder can be neither made nor found, as
 * below /proc: here the first refusal is thrown.
 *
 * @returns The uppermost folder made; undefined when all were there.
 */
export function makeFolder(folder: string): string | undefined {
  const path = resolve(folder);
  if (existsSync(path)) return undefined;
  const above = makeFolder(dirname(path));
  mkdirSync(path);
  return above ?? path;
}
