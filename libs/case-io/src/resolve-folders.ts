import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';

/** Where a case is read and its prediction written. */
export interface CaseFolders {
  readonly input: string;
  readonly output: string;
}

/** Options of {@link resolveFolders}. */
export interface ResolveFoldersOptions {
  /** Folder under which `/input` and `/tmp/input` are looked for; another one than `/` in tests. */
  root?: string;
}

/**
 * Finds the folders of a case: HECKTOR_INPUT and HECKTOR_OUTPUT win, each on its own; else
 * `/input` + `/output` if `/input` exists, else `/tmp/input` + `/tmp/output`. An empty `/input`
 * beside a `/tmp/input` does not count: committing a container leaves its mount points behind.
 *
 * @throws HecktorError INPUT_FOLDER_MISSING naming what was looked for.
 */
export function resolveFolders(
  env: Readonly<Record<string, string | undefined>>,
  options: ResolveFoldersOptions = {},
): CaseFolders {
  const root = options.root ?? '/';
  const platform = { input: join(root, 'input'), output: join(root, 'output') };
  const scratch = { input: join(root, 'tmp/input'), output: join(root, 'tmp/output') };
  const input = env['HECKTOR_INPUT']?.trim();
  const output = env['HECKTOR_OUTPUT']?.trim();
  const leftBehind = isFolder(scratch.input) && isEmpty(platform.input);
  const layout = isFolder(platform.input) && !leftBehind ? platform : scratch;
  if (input) {
    if (!isFolder(input)) {
      throw new HecktorError('INPUT_FOLDER_MISSING', {
        file: input,
        detail: 'HECKTOR_INPUT does not name a folder',
        cause: 'a mistyped setting or a missing mount',
        fix: 'correct HECKTOR_INPUT, or unset it and mount the case at /input or /tmp/input',
      });
    }
  } else if (!isFolder(layout.input)) {
    throw new HecktorError('INPUT_FOLDER_MISSING', {
      detail: `looked for ${platform.input} and ${scratch.input}`,
    });
  }
  return { input: input || layout.input, output: output || layout.output };
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
