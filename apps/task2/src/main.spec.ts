import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { writeVolume } from '@hecktor/image-io';
import { ballCase, runProgram } from '@hecktor/testing';

const RESOURCES = fileURLToPath(new URL('../resources', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'task2-'));
let [work, count] = ['', 0];
afterAll(() => rmSync(base, { recursive: true }));

beforeEach(async () => {
  work = join(base, `run-${count++}`);
  const { ct, pet } = ballCase();
  for (const [kind, volume] of Object.entries({ ct, pet })) {
    mkdirSync(join(work, 'input/images', kind), { recursive: true });
    await writeVolume(join(work, 'input/images', kind, 'a.mha'), volume);
  }
  mkdirSync(join(work, 'output'));
  cpSync(RESOURCES, join(work, 'resources'), { recursive: true });
});

const run = () =>
  runProgram('task2', {
    env: {
      HECKTOR_INPUT: join(work, 'input'),
      HECKTOR_OUTPUT: join(work, 'output'),
      HECKTOR_RESOURCES: join(work, 'resources'),
      HECKTOR_MODEL_FOLDER: join(work, 'model'),
    },
  });

describe('the program of task 2', () => {
  it('prepares the images and says that it cannot predict, writing nothing', async () => {
    const { code, lastError, lines } = await run();
    expect(lastError).toContain('TASK_NOT_AVAILABLE');
    expect(code).toBe(EXIT.resources);
    const prepared = lines.find((line) => line['msg'] === 'images prepared');
    expect(prepared?.['tensor']).toEqual([1, 2, 96, 96, 96]);
    expect(readdirSync(join(work, 'output'))).toEqual([]);
  });

  it('refuses a case without PET before anything else', async () => {
    rmSync(join(work, 'input/images/pet/a.mha'));
    const { code, lastError } = await run();
    expect(lastError).toContain('INPUT_IMAGE_MISSING');
    expect(code).toBe(EXIT.input);
  });

  it('refuses a broken recipe', async () => {
    writeFileSync(join(work, 'resources/pipeline.json'), '{"task": "prediction"}');
    const { code, lastError } = await run();
    expect(lastError).toContain('RECIPE_INVALID');
    expect(lastError).toContain('lacks "preprocessing"');
    expect(code).toBe(EXIT.resources);
  });
});
