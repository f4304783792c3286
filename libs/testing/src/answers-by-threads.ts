import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

/**
 * Runs a task of one value on its bundled case with 1, 2, 3 and 4 threads.
 *
 * @param file - Of the answer, below the output folder.
 * @returns For each run the file's text and the outputs of the networks as the log has them.
 */
export async function answersByThreads(task: string, file: string): Promise<string[]> {
  const app = fileURLToPath(new URL(`../../../apps/${task}/`, import.meta.url));
  const output = mkdtempSync(join(tmpdir(), 'threads-'));
  const answers: string[] = [];
  for (const threads of ['1', '2', '3', '4']) {
    const { code, lines, lastError } = await runProgram(task, {
      env: {
        HECKTOR_INPUT: join(app, 'test/input'),
        HECKTOR_OUTPUT: output,
        HECKTOR_RESOURCES: join(app, 'resources'),
        HECKTOR_MODEL_FOLDER: join(output, 'none'),
        HECKTOR_THREADS: threads,
      },
    });
    if (code !== 0) throw new Error(`${task} with ${threads} threads: ${lastError}`);
    const { folds, logits } = lines.find((line) => line['msg'] === 'prediction')!;
    answers.push(
      JSON.stringify({ answer: readFileSync(join(output, file), 'utf8'), folds, logits }),
    );
  }
  rmSync(output, { recursive: true });
  return answers;
}
