import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/open-engine.ts';

/** What the scenes need: folders with one fault each, images that misbehave. */
export interface Stage {
  clear(): Promise<void>;
}

/** Below the workspace, so that the commands show short paths. */
const FOLDER = 'dist/captures';
const IMAGE = 'hecktor-capture';

/** What the image of the rule breakers is told to do, by the name of the scene. */
const BREAKERS: Readonly<Record<string, string>> = {
  'out-of-memory': 'takes-memory',
  timeout: 'sleeps',
  'output-grid-mismatch': 'wrong-grid',
};

/** Name of a scene's image. */
export const imageOf = (scene: string): string => `${IMAGE}:${scene}`;

/** Prepares everything. */
export async function setStage(workspace: string, engine: Engine): Promise<Stage> {
  const folder = join(workspace, FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await resources(workspace, folder);
  await images(workspace, folder, engine);
  return {
    async clear() {
      const names = [...Object.keys(BREAKERS), 'breaker'].map(imageOf);
      await engine.exec(['image', 'rm', '--force', ...names]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function resources(workspace: string, folder: string): Promise<void> {
  const fresh = async (name: string) => {
    const to = join(folder, name);
    await cp(join(workspace, 'apps/task1/resources'), to, { recursive: true });
    return to;
  };
  await rm(join(await fresh('no-model'), 'model.onnx'));
  const misspelt = join(await fresh('misspelt'), 'pipeline.json');
  await writeFile(misspelt, (await readFile(misspelt, 'utf8')).replace('"overlap"', '"overlapp"'));
}

async function images(workspace: string, folder: string, engine: Engine): Promise<void> {
  const context = join(folder, 'context');
  await cp(join(workspace, 'tools/container-test/breakers'), context, { recursive: true });
  await mkdir(join(context, 'root/opt/cache'), { recursive: true });
  await chmod(join(context, 'root/opt/cache'), 0o777);
  const build = (scene: string) =>
    engine.require(['build', '--network', 'none', '--tag', imageOf(scene), context]);
  await build('breaker');
  for (const [scene, breaker] of Object.entries(BREAKERS)) {
    const dockerfile = `FROM ${imageOf('breaker')}\nENV BREAK=${breaker}\n`;
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await build(scene);
  }
}
