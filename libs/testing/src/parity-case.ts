import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realDataDir } from './real-data-dir.ts';
import { runProgram } from './run-program.ts';

const BUNDLED = fileURLToPath(new URL('../../../apps/task1/test/input/images', import.meta.url));

/** The patients on whom the challenge's own code was run for the goldens of Tasks 2 and 3. */
export type ParityPatient = 'bundled' | 'real';

/** What {@link runParityCase} runs. */
export interface ParityRun {
  readonly task: 'task2' | 'task3';
  readonly patient: ParityPatient;
  /** Text of the clinical record. */
  readonly record: string;
  readonly resources: string;
  /** An empty folder for the case and its output. */
  readonly folder: string;
}

/**
 * Runs the bundled program of Task 2 or 3 on a patient of the goldens.
 *
 * @returns The answer in its file and the log line of the prediction.
 * @throws Error with what the program said when it fails or writes to stderr.
 */
export async function runParityCase({ task, patient, record, resources, folder }: ParityRun) {
  makeParityCase(folder, patient, record);
  const { code, stderr, lines } = await runProgram(task, {
    env: {
      HECKTOR_INPUT: join(folder, 'input'),
      HECKTOR_OUTPUT: join(folder, 'output'),
      HECKTOR_RESOURCES: resources,
      HECKTOR_MODEL_FOLDER: join(folder, 'none'),
    },
  });
  if (code !== 0 || stderr !== '') throw new Error(`${task} ended with ${code}: ${stderr}`);
  const file = task === 'task2' ? 'rfs.json' : 'hpv-status.json';
  return {
    answer: JSON.parse(readFileSync(join(folder, 'output', file), 'utf8')) as unknown,
    logged: lines.find((line) => line['msg'] === 'prediction')!,
  };
}

/** Task 1's bundled phantom, or the real pair STS_002 as NIfTI. */
function makeParityCase(folder: string, patient: ParityPatient, record: string): void {
  const [input, data] = [join(folder, 'input'), realDataDir()];
  mkdirSync(join(folder, 'output'), { recursive: true });
  if (patient === 'bundled') {
    cpSync(BUNDLED, join(input, 'images'), { recursive: true });
  } else {
    if (data === undefined) throw new Error('no real images');
    for (const kind of ['ct', 'pet']) {
      const source = join(data, 'petct/STS_002', `${kind.toUpperCase()}_image.nii.gz`);
      cpSync(source, join(input, 'images', kind, 'image.nii.gz'));
    }
  }
  writeFileSync(join(input, 'ehr.json'), record);
}
