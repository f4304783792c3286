import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
// A workspace of its own: the scripts find everything from where they lie.
const parent = useFolder();

const at = (path: string) => parent.at('workspace', path);
function add(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text, { mode: 0o755 });
}

const run = (file: string, args: string[] = [], env: Record<string, string> = {}) => {
  const { PATH = '' } = process.env;
  return spawnSync(at(file), args, { env: { PATH, OPENVINO: 'none', ...env }, encoding: 'utf8' });
};
const sum = (env: Record<string, string>, ...failed: string[]) => {
  const { stdout, status } = run('sum.sh', failed, env);
  return [stdout.trimEnd().split('\n').at(-1), status];
};

beforeAll(() => {
  for (const file of ['.ci/run', 'tools/jest/sum-counts.mjs']) {
    cpSync(join(ROOT, file), at(file), { recursive: true });
  }
  const script = at('tools/jest/sum-counts.mjs');
  add('sum.sh', `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  add('tools/scripts/prepare.sh', 'prepare() { :; }\n');
  add('tools/container/provision/provision.sh', '#!/bin/sh\n');
  add('test.sh', '#!/bin/sh\necho "$CI $REAL_DATA_DIR"\n');
});

describe('.ci/run', () => {
  it('goes on without the real images and says so', () => {
    const { stdout, status } = run('.ci/run');
    expect(stdout).toMatch(/^CI: no real images .* are skipped\ntrue none\n$/);
    expect(status).toBe(0);
  });

  it('refuses a folder of images that was asked for and is not there', () => {
    expect(run('.ci/run', [], { REAL_DATA_DIR: '/nowhere' }).status).not.toBe(0);
  });

  it('takes the images that are there', () => {
    parent.make('shared/data');
    expect(run('.ci/run').stdout).toBe(`true ${parent.at('shared/data')}\n`);
    expect(run('.ci/run', [], { REAL_DATA_DIR: parent.path }).stdout).toBe(`true ${parent.path}\n`);
  });
});

describe('the sum of the tests', () => {
  const counts = (project: string, passed: number, failed: number, skipped: number) =>
    add(`dist/test-results/${project}.json`, JSON.stringify({ project, passed, failed, skipped }));

  it('fails without any test', () => expect(sum({})).toEqual(['0 passed, 0 failed', 1]));

  it('adds up projects and counts a failed step', () => {
    counts('libs/a', 2, 0, 0);
    counts('libs/b', 3, 0, 0);
    expect(sum({ CI: 'true' })).toEqual(['5 passed, 0 failed', 0]);
    expect(sum({ CI: 'true' }, 'lint rules')).toEqual(['5 passed, 1 failed', 1]);
  });

  it('fails for skipped tests under CI, unless there are no real images', () => {
    counts('libs/b', 3, 0, 4);
    const line = '5 passed, 0 failed, 4 skipped';
    expect(sum({})).toEqual([line, 0]);
    expect(sum({ CI: 'true' })).toEqual([line, 1]);
    expect(sum({ CI: 'true', REAL_DATA_DIR: 'none' })).toEqual([line, 0]);
  });
});
