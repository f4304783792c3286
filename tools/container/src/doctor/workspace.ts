import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHecktorError } from '@hecktor/runtime';
import type { HecktorError } from '@hecktor/errors';
import type { Check } from './checks.ts';
import { isLfsPointer } from '../build/check-files.ts';
import { checkResources } from '../build/check-resources.ts';
import { taskOf, type App } from '../app.ts';

/** The rows about the checkout. */
export function judgeWorkspace({ packages, runtime, pointers }: WorkspaceFacts): Check[] {
  const row = (name: string, found: string): Check => ({
    ...{ area: 'workspace', name, found },
    status: 'ok',
  });
  return [
    packages === 'current'
      ? row('packages', 'as in the lock file')
      : { ...row('packages', packages), status: 'blocker', fix: 'run `npm ci`' },
    runtime
      ? row('ONNX Runtime', 'its library for linux/amd64 is here')
      : {
          ...row('ONNX Runtime', 'its library for linux/amd64 is missing'),
          status: 'blocker',
          code: 'ONNX_RUNTIME_UNAVAILABLE',
          fix: 'run `npm ci` again; the package brings the library along',
        },
    pointers.length === 0
      ? row('Git LFS', 'no pointer stands in for a file')
      : {
          ...row('Git LFS', `pointers instead of files: ${list(pointers)}`),
          status: 'blocker',
          code: 'IMAGE_LFS_POINTER',
          fix: 'install Git LFS and run `git lfs pull`',
        },
  ];
}

/** The rows about one task. */
export function judgeApp(facts: AppFacts, limitBytes = 2e9): Check[] {
  const { fault } = facts;
  return [resources(facts), ...(fault === undefined ? [progress(facts, limitBytes)] : [])];
}

function resources({ name: area, fault, recipe, models }: AppFacts): Check {
  if (fault !== undefined) {
    const { code, file, fix } = fault;
    const words = fault.message.slice(code.length, fault.message.indexOf('. Likely cause:'));
    const found = `${code}${file === undefined ? words : words.replace(` [${file}]`, '')}`;
    return { area, name: 'resources', status: 'blocker', found, code, fix };
  }
  const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
  const count = `${models.length} model${models.length === 1 ? '' : 's'}`;
  const found = `recipe "${recipe ?? '?'}" is valid; ${count}, ${(bytes / 1e6).toFixed(1)} MB`;
  return { area, name: 'resources', status: 'ok', found };
}

/** How far the task has come on its way to the upload. */
function progress({ name: area, passed, archiveBytes }: AppFacts, limitBytes: number): Check {
  const row: Check = { area, name: 'submission', status: 'note', found: '' };
  if (passed === undefined) {
    return { ...row, found: 'not tested yet', fix: `npx nx run ${area}:docker-test-run` };
  }
  if (!passed) {
    const fix = `see dist/test-run/${area}, then npx nx run ${area}:docker-test-run`;
    return { ...row, status: 'warning', found: 'the last test run broke a rule', fix };
  }
  if (archiveBytes === undefined) {
    return { ...row, found: 'tested, not saved yet', fix: `npx nx run ${area}:docker-save` };
  }
  const found = `tested and saved: ${(archiveBytes / 1e6).toFixed(0)} MB`;
  return archiveBytes <= limitBytes
    ? { ...row, status: 'ok', found }
    : {
        ...{ ...row, status: 'blocker', found, code: 'ARCHIVE_TOO_LARGE' },
        fix: 'use smaller weights or remove unneeded files from resources/',
      };
}

function list(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}

/** What can be learnt about the checkout. */
interface WorkspaceFacts {
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

/** Every file below a folder, relative to it; none where there is no such folder. */
async function filesBelow(folder: string): Promise<string[]> {
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

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** What can be learnt about a task's resources and results. */
export interface AppFacts {
  readonly name: string;
  /** The recipe's name; undefined without a readable recipe. */
  readonly recipe: string | undefined;
  readonly models: readonly { readonly file: string; readonly bytes: number }[];
  /** What keeps the container from running; undefined: nothing. */
  readonly fault: HecktorError | undefined;
  /** Size of the bundled program's archive; undefined: nothing was saved yet. */
  readonly archiveBytes: number | undefined;
  /** Whether the last test run passed; undefined: there was none. */
  readonly passed: boolean | undefined;
}

/** Looks at a task. */
export async function appFacts(app: App): Promise<AppFacts> {
  const resources = join(app.root, 'resources');
  const files = await filesBelow(resources);
  const models = files.filter((file) => file.endsWith('.onnx'));
  return {
    name: app.name,
    recipe: (await readJson<{ name?: string }>(join(resources, 'pipeline.json')))?.name,
    models: await Promise.all(
      models.map(async (file) => ({ file, bytes: (await stat(join(resources, file))).size })),
    ),
    fault: await faultOf(app, resources),
    archiveBytes: await stat(join(app.workspace, 'dist', `submission_${app.name}.tar.gz`)).then(
      ({ size }) => size,
      () => undefined,
    ),
    passed: (
      await readJson<{ passed?: boolean }>(
        join(app.workspace, 'dist/test-run', app.name, 'verdict.json'),
      )
    )?.passed,
  };
}

/** What keeps a container from running with these resources. */
async function faultOf(app: App, resources: string): Promise<HecktorError | undefined> {
  try {
    await checkResources(resources, { task: taskOf(app) });
    return undefined;
  } catch (thrown) {
    return toHecktorError(thrown);
  }
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
