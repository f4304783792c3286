import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder for files that only tests need; git ignores it. */
const SCRATCH = fileURLToPath(new URL('../../../tmp/bundles/', import.meta.url));
const HOUR = 3_600_000;

/**
 * A new folder inside the workspace, so that what lies there finds the native packages. Folders that
 * earlier test runs left are removed after an hour, when surely nothing uses them.
 */
export function scratchFolder(prefix = ''): string {
  mkdirSync(SCRATCH, { recursive: true });
  for (const name of readdirSync(SCRATCH)) {
    const folder = join(SCRATCH, name);
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - made > HOUR) rmSync(folder, { recursive: true, force: true });
  }
  return mkdtempSync(join(SCRATCH, prefix));
}
