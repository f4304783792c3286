import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What can be learnt about the checkout. */
export interface WorkspaceFacts {
  /** Whether node_modules is that of the lock file. */
  readonly packages: 'current' | 'outdated' | 'missing';
  /** Whether ONNX Runtime's library for the container is there. */
  readonly runtime: boolean;
  /** Files that are Git LFS pointers instead of what they stand for, relative to the workspace. */
  readonly pointers: readonly string[];
}

const NATIVE = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node';

/** Looks at the checkout. */
export async function workspaceFacts(workspace: string): Promise<WorkspaceFacts> {
  const packages = await packageState(workspace);
  return {
    packages,
    runtime: await isFile(join(workspace, NATIVE)),
    pointers: await lfsPointers(workspace),
  };
}

const POINTER = 'version https://git-lfs.github.com/spec/';
/** A pointer is a few lines of text. */
const POINTER_BYTES = 1024;

async function lfsPointers(workspace: string): Promise<string[]> {
  const found: string[] = [];
  const apps = await readdir(join(workspace, 'apps')).catch(() => []);
  for (const folder of apps.flatMap((app) => [`apps/${app}/resources`, `apps/${app}/test`])) {
    for (const path of await filesBelow(join(workspace, folder))) {
      if (await isLfsPointer(join(workspace, folder, path))) found.push(`${folder}/${path}`);
    }
  }
  return found;
}

/** Whether a file is what Git leaves in a clone made without Git LFS. */
export async function isLfsPointer(file: string): Promise<boolean> {
  const { size } = await stat(file);
  if (size > POINTER_BYTES) return false;
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(POINTER.length), 0, POINTER.length, 0);
    return buffer.toString() === POINTER;
  } finally {
    await handle.close();
  }
}

/** Every file below a folder, relative to it; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

interface LockFile {
  readonly packages: Readonly<
    Record<string, { version?: string; optional?: boolean; link?: boolean } | undefined>
  >;
}

/** npm keeps a copy of what it has installed; packages for other platforms are not in it. */
async function packageState(workspace: string): Promise<WorkspaceFacts['packages']> {
  const installed = await readLock(join(workspace, 'node_modules/.package-lock.json'));
  if (installed === undefined) return 'missing';
  const wanted = (await readLock(join(workspace, 'package-lock.json')))?.packages ?? {};
  const differs = Object.entries(wanted).some(
    ([path, entry]) =>
      path.includes('node_modules/') &&
      entry?.optional !== true &&
      installed.packages[path]?.version !== entry?.version,
  );
  return differs ? 'outdated' : 'current';
}

async function readLock(file: string): Promise<LockFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockFile;
  } catch {
    return undefined;
  }
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
