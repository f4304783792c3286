import { exec } from '../engine/exec.ts';
import { createTask, type CreateTaskOptions, type Tree } from './create-task.ts';

/** Options as in schemas/task.json. */
interface Options extends CreateTaskOptions {
  readonly skipInstall?: boolean;
}

/** The generator behind `nx g ./tools/container:task`. Nx writes the tree, then calls the result. */
export default function task(tree: Tree, options: Options): () => Promise<void> {
  createTask(tree, options);
  return async () => {
    if (options.skipInstall !== true) await install(tree.root);
    console.log(
      `\nnext: npx nx run ${options.name}:test, then edit apps/${options.name}/resources`,
    );
  };
}

/** The lock file lists the workspace's packages, and `npm ci` wants the new one among them. */
async function install(root: string): Promise<void> {
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = await exec('npm', args, { cwd: root });
  if (code !== 0) console.warn('run `npm install`: the lock file does not list the new task yet');
}
