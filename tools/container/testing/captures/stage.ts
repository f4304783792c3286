import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Engine } from '../../src/engine/open-engine.ts';
import { arm64Program } from '../provocations.ts';

/** What the scenes need: folders with one fault each, images that misbehave, an empty PATH. */
export interface Stage {
  /** PATH without a container engine. */
  readonly pathWithoutEngine: string;
  /** Socket of an engine that refuses this user. */
  readonly closedSocket: string;
  clear(): Promise<void>;
}

/** Below the workspace, so that the commands show short paths. */
const FOLDER = 'dist/captures';
const IMAGE = 'hecktor-capture';
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9400000\n';
const NOBODY = 65534;

const evaluated = (script: string) => `ENTRYPOINT ["node", "-e", ${JSON.stringify(script)}]`;

/** Dockerfiles on top of the image of the rule breakers, by the name of the scene. */
const IMAGES: Readonly<Record<string, string>> = {
  'dependency-missing': evaluated('require("not-declared")'),
  'shared-library-missing': evaluated('process.dlopen({ exports: {} }, "/opt/native.node")'),
  'permission-denied': evaluated('require("fs").readFileSync("/etc/shadow")'),
  'file-not-found': evaluated('require("fs").readFileSync("/tmp/images/ct.mha")'),
  'disk-full': evaluated('require("fs").writeFileSync("/dev/full", "x")'),
  'wrong-architecture': 'COPY arm64-program /opt/program\nENTRYPOINT ["/opt/program"]',
  'read-only-file-system': 'ENV BREAK=writes-and-fails',
  'out-of-memory': 'ENV BREAK=takes-memory',
  timeout: 'ENV BREAK=sleeps',
  'network-attempted': 'ENV BREAK=connects',
  'output-files-wrong': 'ENV BREAK=extra-file',
  'output-labels-invalid': 'ENV BREAK=wrong-labels',
  'output-grid-mismatch': 'ENV BREAK=wrong-grid',
  'output-type-invalid': 'ENV BREAK=number-as-text',
  'root-user': 'ENV BREAK=nothing\nUSER root',
};

/** Name of a scene's image. */
export const imageOf = (scene: string): string => `${IMAGE}:${scene}`;

/** Prepares everything. */
export async function setStage(workspace: string, engine: Engine): Promise<Stage> {
  const folder = join(workspace, FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await resources(workspace, folder);
  await cases(workspace, folder);
  await images(workspace, folder, engine);
  const socket = join(folder, 'docker.sock');
  const server = await closedSocket(socket);
  return {
    pathWithoutEngine: await pathWithoutEngine(join(folder, 'bin')),
    closedSocket: socket,
    async clear() {
      server.close();
      const names = Object.keys(IMAGES).map(imageOf);
      await engine.exec(['image', 'rm', '--force', ...names, imageOf('breaker')]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function resources(workspace: string, folder: string): Promise<void> {
  const from = join(workspace, 'apps/task1/resources');
  const fresh = async (name: string) => {
    const to = join(folder, name);
    await cp(from, to, { recursive: true });
    return to;
  };
  await rm(join(await fresh('no-model'), 'model.onnx'));
  await writeFile(join(await fresh('lfs-pointer'), 'model.onnx'), POINTER);
  await writeFile(join(await fresh('leftover'), 'best_model.pth'), 'weights');
  const misspelt = join(await fresh('misspelt'), 'pipeline.json');
  await writeFile(misspelt, (await readFile(misspelt, 'utf8')).replace('"overlap"', '"overlapp"'));
  await rm(join(await fresh('no-recipe'), 'pipeline.json'));
}

async function cases(workspace: string, folder: string): Promise<void> {
  const from = join(workspace, 'apps/task1/test/input');
  const fresh = async (name: string) => {
    const to = join(folder, name);
    await cp(from, to, { recursive: true });
    await rm(join(to, 'inputs.json'), { force: true });
    const [ct] = await readdir(join(to, 'images/ct'));
    await rename(join(to, 'images/ct', ct!), join(to, 'images/ct/ct.mha'));
    return to;
  };
  const two = await fresh('two-cts');
  await cp(join(two, 'images/ct/ct.mha'), join(two, 'images/ct/ct-2.mha'));
  await rm(join(await fresh('no-pet'), 'images/pet'), { recursive: true });
  await writeFile(join(await fresh('pointer-case'), 'images/ct/ct.mha'), POINTER);
}

async function images(workspace: string, folder: string, engine: Engine): Promise<void> {
  const context = join(folder, 'context');
  await cp(join(workspace, 'tools/container-test/breakers'), context, { recursive: true });
  await mkdir(join(context, 'root/opt/cache'), { recursive: true });
  await chmod(join(context, 'root/opt/cache'), 0o777);
  await writeFile(join(context, 'arm64-program'), arm64Program(), { mode: 0o755 });
  const build = (scene: string) =>
    engine.require(['build', '--network', 'none', '--tag', imageOf(scene), context]);
  await build('breaker');
  for (const [scene, lines] of Object.entries(IMAGES)) {
    const dockerfile = `FROM ${imageOf('breaker')}\n${lines}\n`;
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await build(scene);
  }
}

/** A PATH with what the commands need and no engine. */
async function pathWithoutEngine(folder: string): Promise<string> {
  await mkdir(folder);
  const wanted = ['node', 'npx', 'npm', 'git', 'sh', 'bash', 'env', 'uname'];
  for (const name of wanted) {
    for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
      const linked = await symlinkTo(join(place, name), join(folder, name));
      if (linked) break;
    }
  }
  return folder;
}

async function symlinkTo(target: string, link: string): Promise<boolean> {
  if (!existsSync(target)) return false;
  await symlink(target, link);
  return true;
}

/** A socket of another user, closed to everybody else. */
async function closedSocket(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await chmod(path, 0o600);
  await chown(path, NOBODY, NOBODY);
  return server;
}
