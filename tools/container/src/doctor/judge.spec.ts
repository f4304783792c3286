import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HecktorError } from '@hecktor/errors';
import { type EngineFacts, judgeEngine } from './engine.ts';
import { judgeMachine, type MachineFacts } from './machine.ts';
import { judgeApp, judgeWorkspace, type AppFacts } from './workspace.ts';

const machine: MachineFacts = {
  platform: 'linux',
  arch: 'x64',
  wsl: false,
  node: '20.19.0',
  cpus: 4,
  cpuModel: 'CPU',
  cpuFlags: ['sse4_2', 'avx2'],
  memoryBytes: 16.4e9,
  freeBytes: 50e9,
  emulatesAmd64: undefined,
};
const engine: EngineFacts = {
  ...{ name: 'docker', version: '28.0', arch: 'x86_64' },
  ...{ memoryBytes: 16e9, freeBytes: 20e9, baseImage: 'here' },
};
const task: AppFacts = {
  ...{ name: 'task1', recipe: 'demo', models: [{ file: 'model.onnx', bytes: 9.4e6 }] },
  ...{ fault: undefined, archiveBytes: undefined, passed: undefined },
};

const shown = (facts: Partial<MachineFacts>, name: string, purpose: 'container' | 'program') =>
  judgeMachine({ ...machine, ...facts }, purpose).find((check) => check.name === name)!;
const statuses = (checks: readonly { status: string }[]) => checks.map(({ status }) => status);

describe('judgeMachine', () => {
  it('finds nothing wrong with a machine like the platform', () => {
    expect(statuses(judgeMachine(machine, 'container'))).toEqual(Array(5).fill('ok'));
  });

  it.each<[Partial<MachineFacts>, string, string, RegExp]>([
    [{ node: '20.18.1' }, 'Node', 'blocker', /nodejs\.org/],
    [{ node: '18.20.0' }, 'Node', 'blocker', /nodejs\.org/],
    [{ platform: 'darwin', arch: 'arm64', cpuFlags: undefined }, 'system', 'warning', /Rosetta/],
    [{ platform: 'win32' }, 'system', 'warning', /WSL 2/],
    [{ arch: 'arm64', emulatesAmd64: false }, 'system', 'blocker', /qemu-user-static/],
    [{ arch: 'arm64', emulatesAmd64: true }, 'system', 'warning', /emulated/],
    [{ cpuFlags: ['sse4_2'] }, 'CPU', 'warning', /slower/],
    [{ cpus: 1 }, 'CPU', 'warning', /two CPUs/],
    [{ memoryBytes: 8e9 }, 'memory', 'warning', /may be killed here/],
    [{ memoryBytes: 2e9 }, 'memory', 'blocker', /another machine/],
    [{ freeBytes: 2e9 }, 'disk of the workspace', 'warning', /free some space/],
    [{ freeBytes: 2e8 }, 'disk of the workspace', 'blocker', /free some space/],
    [{ freeBytes: undefined }, 'disk of the workspace', 'note', /./],
  ])('sees in %j that "%s" is a %s', (facts, name, status, fix) => {
    expect(shown(facts, name, 'container')).toMatchObject({
      status,
      fix: expect.stringMatching(fix),
    });
  });

  it.each([
    ['20.19.0', 'ok'],
    ['22.0.0', 'ok'],
    ['26.10.0', 'ok'],
  ])('takes Node %s', (node, status) =>
    expect(shown({ node }, 'Node', 'container').status).toBe(status),
  );

  it.each([
    [['avx2', 'avx512_bf16', 'amx_bf16'], 'AVX2, bfloat16 by AMX'],
    [['avx2', 'avx512_bf16'], 'AVX2, bfloat16 by AVX512-BF16'],
    [['avx2'], 'AVX2'],
  ])('tells of %j as %s', (cpuFlags, words) =>
    expect(shown({ cpuFlags }, 'CPU', 'container').found).toBe(`4 x CPU, ${words}`),
  );

  it('asks for an emulator only where containers are wanted', () => {
    expect(shown({ arch: 'arm64', emulatesAmd64: false }, 'system', 'program').status).toBe(
      'warning',
    );
  });
});

describe('judgeEngine', () => {
  const judge = (facts: Partial<EngineFacts>, purpose: 'container' | 'program' = 'container') =>
    judgeEngine({ ...engine, ...facts }, 'node:x', purpose);

  it('finds nothing wrong with a running engine that has the base image', () => {
    expect(statuses(judge({}))).toEqual(Array(4).fill('ok'));
  });

  it.each<[ErrorCode, RegExp]>([
    ['ENGINE_NOT_FOUND', /install Docker/],
    ['ENGINE_NOT_RUNNING', /systemctl start docker/],
    ['ENGINE_NOT_PERMITTED', /usermod -aG docker/],
    ['ENGINE_FAILED', /./],
  ])('answers an engine that does not answer: %s', (code, fix) => {
    const fault = new HecktorError(code, { detail: 'the last words' });
    const rows = judge({ fault });
    expect(rows).toMatchObject([
      { status: 'blocker', code, found: 'the last words', fix: expect.stringMatching(fix) },
    ]);
    expect(judge({ fault }, 'program')[0]!.status).toBe('note');
  });

  it.each<[Partial<EngineFacts>, string, string, RegExp]>([
    [{ freeBytes: 3e9 }, 'disk for images', 'warning', /docker image prune/],
    [{ freeBytes: 1e9 }, 'disk for images', 'blocker', /docker image prune/],
    [{ freeBytes: undefined }, 'disk for images', 'note', /docker system df/],
    [{ memoryBytes: 8e9 }, 'memory for containers', 'warning', /Docker Desktop grants more/],
    [{ baseImage: 'unavailable' }, 'base image', 'blocker', /docker pull/],
    [{ baseImage: 'stand-in' }, 'base image', 'warning', /not for the upload/],
  ])('sees in %j that "%s" is a %s', (facts, name, status, fix) => {
    expect(judge(facts).find((check) => check.name === name)).toMatchObject({
      status,
      fix: expect.stringMatching(fix),
    });
  });

  it('is content with a base image that can be pulled', () => {
    expect(judge({ baseImage: 'pullable' }).at(-1)).toMatchObject({ status: 'ok' });
  });

  it('says nothing about memory that the engine does not tell', () => {
    expect(judge({ memoryBytes: undefined })).toHaveLength(3);
  });
});

describe('judgeWorkspace', () => {
  it('has three rows, each with a way out', () => {
    expect(statuses(judgeWorkspace({ packages: 'current', runtime: true, pointers: [] }))).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    const bad = judgeWorkspace({
      ...{ packages: 'missing', runtime: false },
      pointers: ['a', 'b', 'c', 'd', 'e'],
    });
    expect(statuses(bad)).toEqual(['blocker', 'blocker', 'blocker']);
    expect(bad.map(({ fix }) => fix)).toEqual([
      'run `npm ci`',
      expect.stringContaining('npm ci'),
      expect.stringContaining('git lfs pull'),
    ]);
    expect(bad[2]!.found).toContain('a, b, c and 2 more');
  });
});

describe('judgeApp', () => {
  it('tells what comes next', () => {
    const next = (facts: Partial<AppFacts>) => judgeApp({ ...task, ...facts }).at(-1)!;
    expect(next({}).fix).toBe('npx nx run task1:docker-test-run');
    expect(next({ passed: false })).toMatchObject({ status: 'warning' });
    expect(next({ passed: true }).fix).toBe('npx nx run task1:docker-save');
    expect(next({ passed: true, archiveBytes: 1e8 })).toMatchObject({ status: 'ok' });
    expect(next({ passed: true, archiveBytes: 2.1e9 })).toMatchObject({
      status: 'blocker',
      code: 'ARCHIVE_TOO_LARGE',
    });
  });

  it('tells a fault of the resources with its code, without the path, and its fix', () => {
    const fault = new HecktorError('MODEL_FILE_NOT_FOUND', {
      file: '/somewhere/model.onnx',
      detail: 'model.onnx is in neither folder',
    });
    expect(judgeApp({ ...task, fault })).toEqual([
      {
        name: 'resources',
        status: 'blocker',
        found: 'MODEL_FILE_NOT_FOUND Model file not found: model.onnx is in neither folder',
        code: 'MODEL_FILE_NOT_FOUND',
        fix: fault.fix,
      },
    ]);
  });
});
