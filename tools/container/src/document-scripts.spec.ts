import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exec } from './engine/exec.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SCRIPTS = [
  ['do_build.sh', 'docker-build'],
  ['do_test_run.sh', 'docker-test-run'],
  ['do_save.sh', 'docker-save'],
] as const;

describe.each(SCRIPTS)('%s', (script, target) => {
  const run = (...args: string[]) => exec('bash', [`./${script}`, ...args], { cwd: ROOT });

  it('says how it is used, and how to see the options of its target', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`usage: ./${script} [task] [option...]`);
    expect(stdout).toContain('task1 task2 task3');
    expect(stdout).toContain(`npx nx run task1:${target} --help`);
  });

  it('names the tasks there are when it is given another', async () => {
    const { code, stderr } = await run('task9');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no task "task9"; there are: .*task1 task2 task3/);
  });
});

describe('docs/document-map.md', () => {
  it('leads to files and pages that exist', () => {
    const page = readFileSync(`${ROOT}docs/document-map.md`, 'utf8');
    const links = [...page.matchAll(/\]\(([^)#]+?)(#[^)]*)?\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(10);
    for (const path of links.filter((link) => !link.startsWith('https:'))) {
      expect(() => readFileSync(new URL(path, `file://${ROOT}docs/`))).not.toThrow();
    }
  });
});
