import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '@hecktor/testing';

const APP = fileURLToPath(new URL('..', import.meta.url));
const EXPECTED = join(APP, 'test/expected/hpv-status.json');
const work = mkdtempSync(join(tmpdir(), 'task3-demo-'));
afterAll(() => rmSync(work, { recursive: true }));

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

// The weights that come with the project may be replaced by others, the patient and its answer too.
(existsSync(EXPECTED) ? describe : describe.skip)('the bundled patient of task 3', () => {
  it('gets the bundled answer', async () => {
    const output = join(work, 'output');
    mkdirSync(output);
    const { code, stderr } = await runProgram('task3', {
      env: {
        HECKTOR_INPUT: join(APP, 'test/input'),
        HECKTOR_OUTPUT: output,
        HECKTOR_RESOURCES: join(APP, 'resources'),
        HECKTOR_MODEL_FOLDER: join(work, 'model'),
      },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [answer, expected] = [read(join(output, 'hpv-status.json')), read(EXPECTED)];
    expect(answer).toBe(expected);
  });
});
