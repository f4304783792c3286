import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { runProgram } from '@hecktor/testing';

const APP = fileURLToPath(new URL('../', import.meta.url));

it('gives the same answer, to the last bit, with 1, 2, 3 and 4 threads', async () => {
  const output = mkdtempSync(join(tmpdir(), 'threads-'));
  const answers: string[] = [];
  for (const threads of ['1', '2', '3', '4']) {
    const { code, lines } = await runProgram('task2', {
      env: {
        HECKTOR_INPUT: join(APP, 'test/input'),
        HECKTOR_OUTPUT: output,
        HECKTOR_RESOURCES: join(APP, 'resources'),
        HECKTOR_MODEL_FOLDER: join(output, 'none'),
        HECKTOR_THREADS: threads,
      },
    });
    expect(code).toBe(0);
    // The file holds the value; the log the outputs of the networks, too.
    const { folds, logits } = lines.find((line) => line['msg'] === 'prediction')!;
    const answer = readFileSync(join(output, 'rfs.json'), 'utf8');
    answers.push(JSON.stringify({ answer, folds, logits }));
  }
  rmSync(output, { recursive: true });
  expect(new Set(answers).size).toBe(1);
});
