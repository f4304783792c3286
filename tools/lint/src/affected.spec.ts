import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const nx = fileURLToPath(new URL('../../../node_modules/nx/dist/bin/nx.js', import.meta.url));

/** Projects that `nx affected` would run when this file changes. */
async function affectedBy(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [nx, 'show', 'projects', '--affected', `--files=${file}`, '--json'],
    { cwd: root, env: { ...process.env, NX_DAEMON: 'false' } },
  );
  return (JSON.parse(stdout) as string[]).sort();
}

const APPS = ['hecktor26', 'task1', 'task2', 'task3'];

describe('nx affected', () => {
  it('reaches all apps from a compute library', async () => {
    expect(await affectedBy('libs/preprocessing/src/index.ts')).toEqual(
      expect.arrayContaining(['preprocessing', 'pipeline', ...APPS]),
    );
  });

  it('reaches one app alone from its resources', async () => {
    // And the tests that run its container, not the tools that build it.
    const affected = await affectedBy('apps/task2/resources/pipeline.json');
    expect(affected).toEqual(['container-test', 'task2']);
  });

  it('leaves the libraries below a library alone', async () => {
    expect(await affectedBy('libs/pipeline/src/index.ts')).not.toEqual(
      expect.arrayContaining(['preprocessing']),
    );
  });

  it('reaches the apps from the image definition', async () => {
    expect(await affectedBy('docker/Dockerfile')).toEqual(expect.arrayContaining(APPS));
  });
});
