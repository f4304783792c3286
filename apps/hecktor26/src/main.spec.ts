import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readTask } from '@hecktor/case-io';
import { EXIT } from '@hecktor/errors';
import { runProgram } from '@hecktor/testing';

const APP = fileURLToPath(new URL('..', import.meta.url));
let output: string;
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'hecktor26-'));
});
afterEach(() => rmSync(output, { recursive: true }));

const run = (input: string) =>
  runProgram('hecktor26', {
    env: {
      HECKTOR_INPUT: input,
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: join(APP, 'resources'),
      HECKTOR_MODEL_FOLDER: join(output, 'none'),
    },
  });

/** Paths of what it wrote and is not empty. */
const written = () =>
  (readdirSync(output, { recursive: true }) as string[]).filter((path) => {
    const found = statSync(join(output, path));
    return found.isFile() && found.size > 0;
  });

describe('the program of hecktor26', () => {
  it('writes the outputs of task.json for the bundled case', async () => {
    const { code, stderr } = await run(join(APP, 'test/input'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { outputs } = readTask(join(APP, 'task.json'));
    expect(written().sort()).toEqual(outputs.map(({ path }) => path).sort());
  }, 900_000);

  it('says in one line what an empty case lacks', async () => {
    const { code, lastError } = await run(output);
    expect(lastError).toMatch(/^INPUT_\w+ .* Fix: .*\.$/);
    expect(code).toBe(EXIT.input);
    expect(written()).toEqual([]);
  });
});
