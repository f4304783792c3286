import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, type ProgramRun } from './run-program.ts';
import { scratchFolder } from './scratch-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What a task says of the patient that is bundled with it. */
export interface BundledPatient {
  readonly run: ProgramRun;
  /** What it wrote; undefined when it wrote nothing. */
  readonly answer: unknown;
  /** The bundled answer; undefined when it belongs to other weights than those in `resources/`. */
  readonly expected: unknown;
}

/**
 * Runs the program of Task 2 or 3 on its bundled patient, with the weights in `resources/`, which may
 * have been replaced by others.
 *
 * @param file - Name of the answer's file.
 */
export async function runBundledPatient(task: string, file: string): Promise<BundledPatient> {
  const app = join(ROOT, 'apps', task);
  const work = scratchFolder(`${task}-bundled-`);
  const output = join(work, 'output');
  mkdirSync(output);
  const run = await runProgram(task, {
    env: {
      HECKTOR_INPUT: join(app, 'test/input'),
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: join(app, 'resources'),
      HECKTOR_MODEL_FOLDER: join(work, 'model'),
    },
  });
  const bundled = join(app, 'test/expected');
  const weights = readIfThere(join(bundled, 'weights.json')) as { models: string[] } | undefined;
  const loaded = run.lines
    .filter(({ msg }) => msg === 'model loaded')
    .flatMap(({ sha256, dataSha256 }) => [sha256, dataSha256])
    .filter((digest) => digest !== undefined);
  const isOurs = weights === undefined || weights.models.join() === loaded.join();
  return {
    run,
    answer: readIfThere(join(output, file)),
    expected: isOurs ? readIfThere(join(bundled, file)) : undefined,
  };
}

function readIfThere(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
