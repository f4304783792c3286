import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineForTests } from './engine-for-tests.ts';
import { nx as runNx } from './nx-target.ts';

const MINUTE = 60_000;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const engine = await engineForTests();
const itWithEngine = engine === undefined ? it.skip : it;

/** Kinds of tasks, by the app that a new one starts from. */
const KINDS = [
  ['segmentation', 'task1'],
  ['prediction', 'task2'],
] as const;
/** What makes up the workspace besides its installed packages. */
const PARTS = [
  ...['apps', 'libs', 'tools', 'bench', 'docker', 'docs', 'LICENSE'],
  ...[
    'package.json',
    'package-lock.json',
    'nx.json',
    'tsconfig.base.json',
    'tsconfig.workspace.json',
  ],
  ...['eslint.config.mjs', 'jest.preset.mjs', '.npmrc', '.prettierrc.json', '.prettierignore'],
];

let workspace: string;

/** A copy of this workspace whose packages are links to the installed ones. */
function copyWorkspace(): string {
  const copy = mkdtempSync(join(tmpdir(), 'generated-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const [from, to] = [join(ROOT, 'node_modules', name), join(copy, 'node_modules', name)];
    // The links to the workspace's own packages are relative, so they stay in the copy.
    if (name === '@hecktor') cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else if (name !== '.package-lock.json') symlinkSync(from, to);
  }
  return copy;
}

const nx = (...args: string[]) => runNx(args, workspace);

describe.each(KINDS)('a generated task: %s', (kind, from) => {
  beforeAll(async () => {
    workspace = copyWorkspace();
    const name = 'generated-task';
    await nx(
      'g',
      './tools/container:task',
      name,
      `--kind=${kind}`,
      `--from=${from}`,
      '--skipInstall',
    );
  }, 2 * MINUTE);

  afterAll(() => rmSync(workspace, { recursive: true, force: true }));

  it(
    'builds, type-checks, passes the lint rules and its own tests at once',
    async () => {
      const said = await nx(
        'run-many',
        '-t',
        'build',
        'typecheck',
        'lint',
        'test',
        '-p',
        'generated-task',
        '--outputStyle=static',
      );
      expect(said).toContain('Successfully ran targets build, typecheck, lint, test');
      expect(said).toMatch(/Tests: +2 passed, 2 total/);
    },
    10 * MINUTE,
  );

  itWithEngine(
    'becomes an image that keeps to the rules',
    async () => {
      const tag = `hecktor-generated:${process.pid}`;
      try {
        await nx('run', 'generated-task:docker-build', `--tag=${tag}`);
        const run = await nx(
          'run',
          'generated-task:docker-test-run',
          `--tag=${tag}`,
          '--build=false',
          '--twice=false',
        );
        expect(run).toContain('docker-save');
      } finally {
        await engine!.exec(['image', 'rm', '--force', tag]);
      }
    },
    10 * MINUTE,
  );
});
