import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * Whether a path has an entry, be it a link that leads nowhere: that is a broken input, not an absent
 * one.
 */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // It cannot be looked at, which opening it will say better.
    return true;
  }
}

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
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
    return above;
  }
  return above ?? path;
}

/** Whether a path is a folder or lies below it, going by the two names alone. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
