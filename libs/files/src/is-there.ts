import { lstatSync } from 'node:fs';

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
