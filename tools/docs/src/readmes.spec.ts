import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fencedBlocks } from './fenced-blocks.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RUN_TS = join(ROOT, 'tools/build/run-ts.mjs');
const LIBRARIES = readdirSync(join(ROOT, 'libs')).filter((name) =>
  existsSync(join(ROOT, 'libs', name, 'package.json')),
);

// Below the workspace, so that packages are found.
mkdirSync(join(ROOT, 'tmp'), { recursive: true });
const folder = mkdtempSync(join(ROOT, 'tmp/readmes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const readme = (name: string): string =>
  readFileSync(join(ROOT, 'libs', name, 'README.md'), 'utf8');
const examplesOf = (name: string): string[] =>
  fencedBlocks(readme(name))
    .filter(({ info }) => info[0] === 'ts')
    .map(({ text }) => text);
const EXAMPLES = LIBRARIES.flatMap((name) =>
  examplesOf(name).map((text, i) => [`${name}-${i + 1}`, text] as const),
);

beforeAll(() => {
  for (const [name, text] of EXAMPLES) writeFileSync(join(folder, `${name}.ts`), text);
  const tsconfig = { extends: '../../tsconfig.base.json', include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
});

describe('the README of a library', () => {
  it.each(LIBRARIES)('%s says what it is and shows how it is used', (name) => {
    expect(readme(name)).toMatch(new RegExp(`^# @hecktor/${name}\n\n\\S`));
    expect(examplesOf(name)).not.toEqual([]);
  });

  it('has examples of the right types', async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const checked = run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: ROOT });
    await expect(checked.catch((error: { stdout: string }) => error.stdout)).resolves.toMatchObject(
      {
        stdout: '',
      },
    );
  }, 120_000);

  it.each(EXAMPLES)('has an example that runs: %s', async (name) => {
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    const script = join(folder, `${name}.ts`);
    await run(process.execPath, ['--no-warnings', RUN_TS, script], { cwd });
  });
});
