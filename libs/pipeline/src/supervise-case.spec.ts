import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { readVolume } from '@hecktor/image-io';
import { bundleWorker } from '@hecktor/testing';

const TASK = fileURLToPath(new URL('../../../apps/task1/task.json', import.meta.url));

it('writes the best answer so far when native code holds the worker at the deadline', async () => {
  const program = await bundleWorker(new URL('../fixtures/stuck-case.ts', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'stuck-'));
  const [input, output, pipe] = ['input', 'output', 'pipe'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const image of ['ct', 'pet']) {
    mkdirSync(join(input, 'images', image), { recursive: true });
    writeFileSync(join(input, 'images', image, 'image.mha'), 'not looked into');
  }
  mkdirSync(output);
  execFileSync('mkfifo', [pipe]);
  const run = spawnSync(process.execPath, [fileURLToPath(program), TASK, pipe], {
    env: { HECKTOR_INPUT: input, HECKTOR_OUTPUT: output, HECKTOR_TIME_LIMIT_S: '3' },
    encoding: 'utf8',
    timeout: 40_000,
    killSignal: 'SIGUSR2',
  });
  // Older versions of Node have no way to leave with 0 past native code; the file is whole.
  expect([run.status ?? run.signal]).toContain('execve' in process ? 0 : 'SIGTERM');
  expect(run.stderr).toBe('');
  expect(run.stdout).toContain('the best answer so far is written');
  const file = join(output, 'images/tumor-lymph-node-segmentation/output.mha');
  expect(existsSync(file)).toBe(true);
  const { data, size } = await readVolume(file);
  expect(size).toEqual([4, 3, 2]);
  expect([...data]).toEqual(Array.from({ length: 24 }, (_, i) => i % 3));
  rmSync(folder, { recursive: true });
}, 60_000);
