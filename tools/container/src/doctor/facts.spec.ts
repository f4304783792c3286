import { afterAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '@hecktor/errors';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { exec, ExecResult } from '../engine/exec.ts';
import { engineFacts } from './engine.ts';
import { machineFacts } from './machine.ts';
import { workspaceFacts } from './workspace.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(base, { recursive: true }));

/** An engine that answers by the first words of its arguments. */
const engine = (answers: Record<string, Partial<ExecResult>>): typeof exec => {
  return (_command, args) => {
    const key = Object.keys(answers).find((words) => args.join(' ').startsWith(words));
    return Promise.resolve({ code: 1, stdout: '', stderr: '', ...(key && answers[key]) });
  };
};
const ask = (run: typeof exec) => engineFacts('docker', 'node:x', run);

describe('engineFacts', () => {
  it.each<[ErrorCode, Partial<ExecResult>]>([
    ['ENGINE_NOT_FOUND', { code: 127 }],
    [
      'ENGINE_NOT_RUNNING',
      {
        code: 0,
        stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      },
    ],
    ['ENGINE_NOT_RUNNING', { code: 0, stdout: '{"ServerErrors":["alas"]}' }],
    [
      'ENGINE_NOT_PERMITTED',
      { code: 1, stderr: 'permission denied while trying to connect to the Docker daemon socket' },
    ],
    ['ENGINE_FAILED', { code: 1, stderr: 'something else' }],
  ])('sees what hinders an engine: %s', async (code, info) => {
    expect((await ask(engine({ info }))).fault?.code).toBe(code);
  });

  it.each([
    [{}, 'here'],
    [{ Labels: { 'hecktor.base': 'stand-in' } }, 'stand-in'],
  ])('reads what Docker tells, with a base image of %j', async (Config, baseImage) => {
    const inspected = JSON.stringify([{ Id: '1', Config }]);
    const info = {
      ...{ ServerVersion: '28.0', OperatingSystem: 'Debian', Architecture: 'x86_64' },
      ...{ NCPU: 2, MemTotal: 16e9, DockerRootDir: base },
    };
    const facts = await ask(
      engine({
        info: { code: 0, stdout: JSON.stringify(info) },
        'image inspect': { code: 0, stdout: inspected },
      }),
    );
    expect(facts).toMatchObject({
      ...{ version: '28.0', memoryBytes: 16e9, baseImage },
      freeBytes: expect.any(Number),
    });
  });

  it('reads what Podman tells, and asks the registry for the base image', async () => {
    const info = {
      host: { arch: 'amd64', cpus: 2, memTotal: 8e9, distribution: { distribution: 'debian' } },
      store: { graphRoot: '/not/on/this/machine' },
      version: { Version: '4.3.1' },
    };
    const answers = { info: { code: 0, stdout: JSON.stringify(info) } };
    expect(await ask(engine({ ...answers, 'manifest inspect': { code: 0 } }))).toMatchObject({
      ...{ version: '4.3.1', arch: 'amd64', system: 'debian', memoryBytes: 8e9 },
      ...{ freeBytes: undefined, baseImage: 'pullable' },
    });
    expect((await ask(engine(answers))).baseImage).toBe('unavailable');
  });
});

describe('machineFacts', () => {
  it('looks at this machine', async () => {
    const facts = await machineFacts(base);
    expect(facts.node).toBe(process.versions.node);
    expect(facts.cpus).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(1e8);
    expect(facts.freeBytes).toBeGreaterThan(0);
    if (facts.platform === 'linux' && facts.arch === 'x64') {
      expect(facts.cpuFlags).toContain('sse2');
    }
  });
});

describe('workspaceFacts', () => {
  const lock = (version: string) =>
    JSON.stringify({
      packages: {
        '': { version: '1.0.0' },
        'node_modules/a': { version },
        'node_modules/for-another-platform': { version: '1.0.0', optional: true },
      },
    });

  it('finds nothing wrong with this checkout', async () => {
    expect(await workspaceFacts(ROOT)).toMatchObject({ runtime: true, pointers: [] });
  });

  it('tells packages that are missing, outdated and current', async () => {
    const workspace = join(base, 'packages');
    mkdirSync(join(workspace, 'node_modules'), { recursive: true });
    writeFileSync(join(workspace, 'package-lock.json'), lock('2.0.0'));
    expect(await workspaceFacts(workspace)).toMatchObject({ packages: 'missing', runtime: false });
    writeFileSync(
      join(workspace, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    );
    expect((await workspaceFacts(workspace)).packages).toBe('outdated');
    writeFileSync(
      join(workspace, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '2.0.0' } } }),
    );
    expect((await workspaceFacts(workspace)).packages).toBe('current');
  });

  it('finds Git LFS pointers among resources and test cases', async () => {
    const folder = join(base, 'pointers/apps/task9/resources');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'model.onnx'),
      'version https://git-lfs.github.com/spec/v1\noid x\n',
    );
    writeFileSync(join(folder, 'short.json'), '{}');
    expect((await workspaceFacts(join(base, 'pointers'))).pointers).toEqual([
      'apps/task9/resources/model.onnx',
    ]);
  });
});
