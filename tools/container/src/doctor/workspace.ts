import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHecktorError } from '@hecktor/runtime';
import { type App, taskOf } from '../app.ts';
import { isLfsPointer, listed } from '../build/check-files.ts';
import { checkResources } from '../build/check-resources.ts';
import { filesIn } from '../test-run/folders.ts';
import { row, type Row } from './checks.ts';

/** The rows about the checkout. */
export function judgeWorkspace({ packages, runtime, pointers }: WorkspaceFacts): Row[] {
  const isCurrent = packages === 'current';
  return [
    row(
      'packages',
      isCurrent ? 'as in the lock file' : packages,
      !isCurrent && { status: 'blocker', fix: 'run `npm ci`' },
    ),
    row(
      'ONNX Runtime',
      `its library for linux/amd64 is ${runtime ? 'here' : 'missing'}`,
      !runtime && {
        ...{ status: 'blocker', code: 'ONNX_RUNTIME_UNAVAILABLE' },
        fix: 'run `npm ci` again; the package brings the library along',
      },
    ),
    pointers.length === 0
      ? row('Git LFS', 'no pointer stands in for a file')
      : row('Git LFS', `pointers instead of files: ${listed(pointers, 3)}`, {
          ...{ status: 'blocker', code: 'IMAGE_LFS_POINTER' },
          fix: 'install Git LFS and run `git lfs pull`',
        }),
  ];
}

/** The rows about one task. */
export function judgeApp(facts: AppFacts): Row[] {
  const { fault, recipe = '?', models } = facts;
  if (fault !== undefined) {
    const { code, file, fix } = fault;
    const words = fault.message.slice(code.length, fault.message.indexOf('. Likely cause:'));
    const found = `${code}${file === undefined ? words : words.replace(` [${file}]`, '')}`;
    return [row('resources', found, { status: 'blocker', code, fix })];
  }
  const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
  const count = `${models.length} model${models.length === 1 ? '' : 's'}`;
  const found = `recipe "${recipe}" is valid; ${count}, ${(bytes / 1e6).toFixed(1)} MB`;
  return [row('resources', found), progress(facts)];
}

const ARCHIVE_LIMIT = 2e9;

/** How far the task has come on its way to the upload. */
function progress({ name, passed, archiveBytes }: AppFacts): Row {
  const run = (target: string) => `npx nx run ${name}:${target}`;
  const step = (found: string, status: 'note' | 'warning', fix: string) =>
    row('submission', found, { status, fix });
  if (passed === undefined) return step('not tested yet', 'note', run('docker-test-run'));
  if (!passed) {
    const fix = `see dist/test-run/${name}, then ${run('docker-test-run')}`;
    return step('the last test run broke a rule', 'warning', fix);
  }
  if (archiveBytes === undefined) return step('tested, not saved yet', 'note', run('docker-save'));
  return row(
    'submission',
    `tested and saved: ${(archiveBytes / 1e6).toFixed(0)} MB`,
    archiveBytes > ARCHIVE_LIMIT && {
      ...{ status: 'blocker', code: 'ARCHIVE_TOO_LARGE' },
      fix: 'use smaller weights or remove unneeded files from resources/',
    },
  );
}

/** What can be learnt about the checkout. */
type WorkspaceFacts = Awaited<ReturnType<typeof workspaceFacts>>;

const NATIVE = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node';

export async function workspaceFacts(workspace: string) {
  return {
    /** Whether node_modules is that of the lock file. */
    packages: await packageState(workspace),
    /** Whether ONNX Runtime's library for the container is there. */
    runtime: (await sizeOf(join(workspace, NATIVE))) !== undefined,
    pointers: await lfsPointers(workspace),
  };
}

/** Files that are Git LFS pointers instead of what they stand for, relative to the workspace. */
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

/** None where there is no such folder. */
function filesBelow(folder: string): Promise<string[]> {
  return filesIn(folder, (entry) => entry.isFile()).catch(() => []);
}

interface LockFile {
  readonly packages: Partial<Record<string, { version?: string; optional?: boolean }>>;
}

/** npm keeps a copy of what it has installed; packages for other platforms are not in it. */
async function packageState(workspace: string): Promise<'current' | 'outdated' | 'missing'> {
  const installed = await readJson<LockFile>(join(workspace, 'node_modules/.package-lock.json'));
  if (installed === undefined) return 'missing';
  const wanted = (await readJson<LockFile>(join(workspace, 'package-lock.json')))?.packages ?? {};
  const differs = Object.entries(wanted).some(
    ([path, entry]) =>
      path.includes('node_modules/') &&
      entry?.optional !== true &&
      installed.packages[path]?.version !== entry?.version,
  );
  return differs ? 'outdated' : 'current';
}

/** Bytes of a file; undefined where there is none. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}

/** What can be learnt about a task's resources and results. */
export type AppFacts = Awaited<ReturnType<typeof appFacts>>;

export async function appFacts(app: App) {
  const { name, root, workspace } = app;
  const resources = join(root, 'resources');
  const files = (await filesBelow(resources)).filter((file) => file.endsWith('.onnx'));
  const verdict = join(workspace, 'dist/test-run', name, 'verdict.json');
  return {
    name,
    /** Undefined without a readable recipe. */
    recipe: (await readJson<{ name?: string }>(join(resources, 'pipeline.json')))?.name,
    models: await Promise.all(
      files.map(async (file) => ({ file, bytes: (await stat(join(resources, file))).size })),
    ),
    /** What keeps the container from running; undefined: nothing. */
    fault: await (async () => checkResources(resources, { task: taskOf(app) }))().then(
      () => undefined,
      toHecktorError,
    ),
    /** Undefined: nothing was saved yet. */
    archiveBytes: await sizeOf(join(workspace, 'dist', `submission_${name}.tar.gz`)),
    /** Whether the last test run passed; undefined: there was none. */
    passed: (await readJson<{ passed?: boolean }>(verdict))?.passed,
  };
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
