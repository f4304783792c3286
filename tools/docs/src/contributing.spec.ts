import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fencedBlocks } from './fenced-blocks.ts';
import { createScratchWorkspace } from './scratch-workspace.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);
const blocks = fencedBlocks(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'));
const commands = blocks.filter(({ info }) => info[1] === 'run').map(({ text }) => text.trim());

let workspace: ReturnType<typeof createScratchWorkspace>;
beforeAll(() => {
  workspace = createScratchWorkspace(ROOT);
}, 60_000);
afterAll(() => workspace.remove());

// The examples as a reader follows them: files are made, differences applied, commands run.
describe('the worked examples of CONTRIBUTING.md', () => {
  it('make new files and change existing ones', () => {
    const { folder } = workspace;
    for (const { info, text } of blocks) {
      const file = info.find((word) => word.startsWith('file='))?.slice('file='.length);
      if (file !== undefined) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), text, { flag: 'wx' });
      } else if (info[0] === 'diff') {
        // Its context must be found; line numbers are not given.
        execFileSync('git', ['apply', '--recount', '-'], { cwd: folder, input: text });
      }
    }
  });

  it.each(commands)(
    'run: %s',
    async (command) => {
      const env = { ...process.env, CI: '' };
      // Rejects, with what was said, unless each line ends with 0.
      await run('bash', ['-ec', command], { cwd: workspace.folder, env });
    },
    180_000,
  );

  it('name files that exist', () => {
    const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const prose = page.replaceAll(/^```[^]*?^```$/gm, '');
    const named = [...prose.matchAll(/`((?:apps|libs|tools|docs|bench)\/[\w./-]+)`/g)];
    const missing = named.map(([, path]) => path!).filter((path) => !/task4/.test(path));
    expect(missing.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(missing.length).toBeGreaterThan(8);
  });

  it('cover a step, a rule, a head, an architecture and a task', () => {
    const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    expect(page).toMatch(/^# Contributing\n[^]*## The inner loop\n/);
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        'A preprocessing step',
        'A postprocessing rule',
        'A head',
        'A rule of the test run',
        'An architecture',
        'A task',
      ]),
    );
  });
});
