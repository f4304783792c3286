import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';

/** Where a case is read and its prediction written. */
interface CaseFolders {
  readonly input: string;
  readonly output: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the folders of a case: HECKTOR_INPUT and HECKTOR_OUTPUT win, each on its own; else
 * `/input` + `/output` if `/input` exists, else `/tmp/input` + `/tmp/output`. An empty `/input`
 * beside a `/tmp/input` does not count: committing a container leaves its mount points behind.
 *
 * @param options.root Folder under which those are looked for; another one than `/` in tests.
 * @throws HecktorError INPUT_FOLDER_MISSING naming what was looked for; PERMISSION_DENIED when the
 * input folder is closed to us; CONFIG_INVALID when a variable is set but empty, as a script does
 * whose own variable is not set.
 */
export function resolveFolders(env: Environment, options: { root?: string } = {}): CaseFolders {
  const root = options.root ?? '/';
  const platform = { input: join(root, 'input'), output: join(root, 'output') };
  const scratch = { input: join(root, 'tmp/input'), output: join(root, 'tmp/output') };
  const chosen = setting(env, 'HECKTOR_INPUT');
  const output = setting(env, 'HECKTOR_OUTPUT');
  const leftBehind = isFolder(scratch.input) && isEmpty(platform.input);
  const layout = isFolder(platform.input) && !leftBehind ? platform : scratch;
  const input = chosen ?? layout.input;
  if (!isFolder(input, true)) {
    if (chosen === undefined) {
      const detail = `looked for ${platform.input} and ${scratch.input}`;
      throw new HecktorError('INPUT_FOLDER_MISSING', { detail });
    }
    throw new HecktorError('INPUT_FOLDER_MISSING', {
      file: chosen,
      detail: 'HECKTOR_INPUT does not name a folder',
      cause: 'a mistyped setting or a missing mount',
      fix: 'correct HECKTOR_INPUT, or unset it and mount the case at /input or /tmp/input',
    });
  }
  return { input, output: output ?? layout.output };
}

function setting(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  if (value !== '') return value;
  throw new HecktorError('CONFIG_INVALID', {
    detail: `${name} is set but empty`,
    cause: 'a script that sets it from a variable of its own that is not set',
    fix: `set ${name} to a folder, or leave it unset`,
  });
}

function closed(file: string, origin: unknown): HecktorError {
  return new HecktorError('PERMISSION_DENIED', {
    file,
    detail: 'the input folder may not be entered',
    cause: 'its permissions, or those of a folder above it, shut out the user of this program',
    fix: 'make the case readable for everyone, for example with `chmod -R a+rX`',
    origin,
  });
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** Looking up its own entry takes the right to enter a folder; without it nothing in it is seen. */
function isFolder(path: string, isToBeEntered = false): boolean {
  try {
    return statSync(isToBeEntered ? `${path}/.` : path).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw closed(path, error);
    return false;
  }
}
