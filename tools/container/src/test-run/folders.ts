import type { TaskOutput } from '@hecktor/case-io';
import { isBelow, makeFolder } from '@hecktor/files';
import { HecktorError } from '@hecktor/errors';
import {
  chmod,
  cp,
  lchown,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createReadStream, type Dirent } from 'node:fs';
import { digestOf } from '../archive/tar.ts';
import type { Engine } from '../engine/open-engine.ts';
import { bind } from './run-args.ts';

/**
 * A case the container's user can read: the folder itself where everybody may read it and no link
 * leads to files that are not mounted, else a copy that `dispose` removes.
 */
export async function mountableCase(folder: string) {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new HecktorError('INPUT_FOLDER_MISSING', {
      ...{ file: folder, detail: 'the case does not exist' },
      cause: 'a mistyped path',
      fix: 'give an existing folder with --case=<folder>',
    });
  }
  if (await readableByAll(folder)) return { folder, dispose: () => Promise.resolve() };
  const copy = await mkdtemp(join(tmpdir(), 'hecktor-case-'));
  await cp(folder, copy, {
    ...{ recursive: true, dereference: true },
    // What cannot be copied is missed by the container, which says so.
    filter: async (path) => {
      const kind = await stat(path).catch(() => undefined);
      return kind?.isDirectory() === true || kind?.isFile() === true;
    },
  });
  for (const path of [copy, ...(await below(copy))]) {
    await chmod(path, (await stat(path)).isDirectory() ? 0o755 : 0o644);
  }
  return { folder: copy, dispose: () => rm(copy, { recursive: true, force: true }) };
}

/** Whether a folder is one of some paths, or above one: then it must not be emptied. */
export function holdsAny(folder: string, paths: readonly string[]): boolean {
  return paths.some((path) => isBelow(folder, path));
}

/** An empty output folder that the container's user can write to; not somebody's home by mistake. */
export async function emptyOutput(folder: string, keep: readonly string[]): Promise<void> {
  const place = await realpath(folder).catch(() => folder);
  if (holdsAny(place, [...keep, homedir()])) {
    const detail = 'the output folder contains the case, the workspace or a home folder';
    throw new HecktorError('OUTPUT_WRITE_FAILED', {
      ...{ file: folder, detail, cause: 'a mistyped path' },
      fix: 'give a folder of its own with --output=<folder>; it is emptied before the run',
    });
  }
  try {
    makeFolder(folder);
    // The folder itself stays: it may be a mount or somebody's link.
    for (const name of await readdir(folder)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
    await chmod(folder, 0o777);
  } catch (origin) {
    throw new HecktorError('OUTPUT_WRITE_FAILED', {
      ...{ file: folder, detail: (origin as Error).message, origin },
      cause: 'a mistyped path, or a place where this user may not write',
      fix: 'give a new or an empty folder with --output=<folder>',
    });
  }
}

/** Gives what the container's user wrote to who ran the target; of a link the link itself. */
export async function handOver(engine: Engine, image: string, folder: string): Promise<void> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid === 0) {
    for (const path of await below(folder)) await lchown(path, uid, gid);
  } else {
    const script =
      'const{lchownSync:c,readdirSync:r}=require("fs");' +
      `for(const f of r("/out",{recursive:true}))c("/out/"+f,${uid},${gid})`;
    await engine.exec([
      'run',
      ...['--rm', '--network', 'none', '--read-only', '--user', '0:0'],
      ...['--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--cap-add', 'DAC_OVERRIDE'],
      ...['--mount', bind(folder, '/out'), '--entrypoint', 'node', image, '-e', script],
    ]);
  }
  await chmod(folder, 0o755);
}

/** Every file below a folder, relative to it, sorted; links and the like too unless told otherwise. */
export async function filesIn(
  folder: string,
  wanted: (entry: Dirent) => boolean = (entry) => !entry.isDirectory(),
): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter(wanted)
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

/** Everything below a folder, folders and links too. */
async function below(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
}

async function readableByAll(folder: string): Promise<boolean> {
  for (const path of [folder, ...(await below(folder))]) {
    const found = await lstat(path);
    if (found.isSymbolicLink() && path !== folder) {
      if ((await stat(path).catch(() => undefined)) === undefined) continue;
      return false;
    }
    const wanted = found.isDirectory() ? 0o005 : 0o004;
    if ((found.mode & wanted) !== wanted) return false;
  }
  return true;
}

const REPORT = 'report.json';
const OURS = [REPORT, 'report.html', 'plan.json', 'log.txt'];

/**
 * Throws unless a folder may be emptied: it does not exist, is empty, has the report of an earlier
 * test run, or nothing but outputs, as a run that was cut short leaves it.
 */
export async function assertResultsFolder(
  folder: string,
  outputs: readonly Pick<TaskOutput, 'path'>[],
): Promise<void> {
  const isNew = (await lstat(folder).catch(() => undefined)) === undefined;
  if (isNew) return;
  const files = await filesIn(folder).catch((origin: unknown) => {
    throw refusal(folder, 'it is no folder that can be read', origin);
  });
  const known = [...OURS, ...outputs.map(({ path }) => basename(path))];
  const foreign = files.find((path) => !known.includes(basename(path)));
  const report = await readFile(join(folder, REPORT), 'utf8').catch(() => '');
  const isOurs = report.includes('"limits"') && report.includes('"cases"');
  if (foreign === undefined || isOurs) return;
  throw refusal(folder, `it holds files that are not of a test run, such as ${foreign}`);
}

function refusal(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('OUTPUT_WRITE_FAILED', {
    ...{ file, detail, origin },
    cause: 'a folder for something else was given; it would be emptied before the run',
    fix: 'give a new or an empty folder with --output=<folder>',
  });
}

/** sha256 of each output of a run, by its path below the output folder. */
export type Outputs = Readonly<Record<string, string>>;

/** The digests of a folder's files, and their bytes. A link may lead anywhere, a pipe never end. */
export async function outputDigests(folder: string) {
  const outputs: Record<string, string> = {};
  let bytes = 0;
  for (const path of await filesIn(folder)) {
    const file = join(folder, path);
    if (!(await lstat(file)).isFile()) continue;
    const found = await digestOf(createReadStream(file));
    outputs[path] = found.sha256;
    bytes += found.bytes;
  }
  return { outputs: outputs as Outputs, bytes };
}

/** Paths of the outputs that differ between two runs, sorted. A log may differ. */
export function differing(before: Outputs, after: Outputs): string[] {
  return Object.keys({ ...before, ...after })
    .filter((path) => !path.endsWith('log.txt') && before[path] !== after[path])
    .sort();
}
