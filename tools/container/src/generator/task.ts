import type { Task } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { exec } from '../engine/exec.ts';

/** The part of Nx's virtual file tree that is used here; paths are relative to the workspace. */
export interface Tree {
  readonly root: string;
  exists(path: string): boolean;
  isFile(path: string): boolean;
  children(path: string): string[];
  read(path: string): Buffer | null;
  write(path: string, content: Buffer | string): void;
}

/** What kind of result a task's container writes. */
export type TaskKind = Task['recipe']['kind'];

/** As in schemas/task.json. */
interface CreateTaskOptions {
  /** Name of the app and of its Nx project, e.g. `task4`. */
  readonly name: string;
  readonly kind: TaskKind;
  /** App to start from. Default: the kind's reference. */
  readonly from?: string;
  readonly skipInstall?: boolean;
}

/** The app that shows how a kind is done. */
export const REFERENCES: Readonly<Record<TaskKind, string>> = {
  segmentation: 'task1',
  prediction: 'task2',
};

/** Of the app that is started from: its program, resources, test case and expected output. */
const COPIED =
  /^(package|project|tsconfig|task|profile)\.json$|^src\/.*(?<!\.spec)\.ts$|^(resources|test)\//;
/** Where the app's name is written. */
const MANIFEST = /^(package|project|profile)\.json$/;
/** The target that only a risk has a use for. */
const OF_A_RISK = /^ {4}"check-direction": \{\n[^]*?^ {4}\},\n/gm;
const CARD = 'resources/MODEL_CARD.md';
const TEMPLATES = 'tools/container/generators/files';

/** The generator behind `nx g ./tools/container:task`. Nx writes the tree, then calls the result. */
export default function task(tree: Tree, options: CreateTaskOptions): () => Promise<void> {
  createTask(tree, options);
  return async () => {
    if (options.skipInstall !== true) await install(tree.root);
    console.log(
      `\nnext: npx nx run ${options.name}:test, then edit apps/${options.name}/resources, and ` +
        `task.json for other inputs or outputs (docs/another-challenge.md)`,
    );
  };
}

/** The lock file lists the workspace's packages, and `npm ci` wants the new one among them. */
async function install(root: string): Promise<void> {
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = await exec('npm', args, { cwd: root });
  if (code !== 0) console.warn('run `npm install`: the lock file does not list the new task yet');
}

/**
 * Writes a new task into the tree: the app that is started from under another name, with a spec and
 * a README of its own. It runs at once, with that app's recipe and models.
 */
export function createTask(
  tree: Tree,
  { name, kind, from = REFERENCES[kind] }: CreateTaskOptions,
): void {
  const source = `apps/${from}`;
  const target = `apps/${name}`;
  assertName(tree, name);
  assertSource(tree, from, kind);
  for (const path of filesOf(tree, source)) {
    const below = path.slice(source.length + 1);
    const content = tree.read(path);
    if (!COPIED.test(below) || content === null) continue;
    tree.write(`${target}/${below}`, renamed(content, below, from, name));
  }
  const card = tree.read(`${target}/${CARD}`);
  tree.write(
    `${target}/${CARD}`,
    `> The models here are those of \`${source}\`, so that the task runs at once. Put the card of your own\n` +
      `> models in place of this one.\n\n${card?.toString() ?? ''}`,
  );
  const fill = (template: string) =>
    tree
      .read(`${TEMPLATES}/${template}.template`)!
      .toString()
      .replaceAll('{{name}}', name)
      .replaceAll('{{from}}', from);
  tree.write(`${target}/src/main.spec.ts`, fill('main.spec.ts'));
  tree.write(`${target}/README.md`, fill(`README.${kind}.md`));
}

/** Every file below a folder of the tree, sorted. */
function filesOf(tree: Tree, folder: string): string[] {
  return tree
    .children(folder)
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (tree.isFile(path) ? [path] : filesOf(tree, path)))
    .sort();
}

function renamed(content: Buffer, path: string, from: string, name: string): Buffer | string {
  const text = content.toString();
  if (path === 'task.json') {
    return text
      .replace(`"name": "${from}"`, `"name": "${name}"`)
      .replace(/,\s*"evaluation": \{[^}]*\}/g, '');
  }
  if (MANIFEST.test(path)) return text.replaceAll(OF_A_RISK, '').replaceAll(from, name);
  return content;
}

function assertName(tree: Tree, name: string): void {
  const fault = nameFault(tree, name);
  if (fault === undefined) return;
  throw new HecktorError('OPTION_INVALID', {
    detail: `"${name}" cannot be the name of a task: ${fault}`,
    cause: 'a name that is taken or that Docker and npm do not allow',
    fix: 'choose a name that no project has, of small letters and digits',
  });
}

function nameFault(tree: Tree, name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return 'a name has small letters and digits, parted by hyphens';
  }
  if (tree.exists(`apps/${name}`)) return `apps/${name} is there already`;
  const taken = [...tree.children('libs'), ...tree.children('tools')].includes(name);
  return taken ? 'another project has that name' : undefined;
}

function assertSource(tree: Tree, from: string, kind: TaskKind): void {
  const recipe = tree.read(`apps/${from}/resources/pipeline.json`)?.toString();
  const found = /"kind"\s*:\s*"([^"]*)"/.exec(recipe ?? '')?.[1];
  if (found === kind) return;
  throw new HecktorError('OPTION_INVALID', {
    detail:
      recipe === undefined
        ? `apps/${from} has no resources/pipeline.json to start from`
        : `apps/${from} is a ${found ?? 'nameless'} task, not one of ${kind}`,
    cause: 'an app that does not exist or is of another kind',
    fix: `give --from=${REFERENCES[kind]}, or no --from at all`,
  });
}
