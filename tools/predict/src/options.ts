import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { parseArgs, ParseArgsConfig } from 'node:util';
import { readTasks, type CohortTask } from '@hecktor/cohort';
import { optionReader, type OptionReader } from '@hecktor/runtime';
import type { Program } from './program.ts';
import { RUNTIMES } from './slurm/container.ts';

/** A week; a timer of Node holds little more, and fires at once for what it cannot hold. */
const MAX_TIME_LIMIT_S = 604_800;
/** The platform's, so that answers are the platform's to the last bit. */
const THREADS = '2';

/** Options that say what is run, and on whom; for `parseArgs`. */
export const PREDICT_OPTIONS = {
  task: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  program: { type: 'string' },
  resources: { type: 'string' },
  jobs: { type: 'string' },
  threads: { type: 'string', default: THREADS },
  plan: { type: 'string', default: 'all' },
  timeout: { type: 'string' },
  limit: { type: 'string' },
  'allow-failures': { type: 'boolean', default: false },
} as const;

const OPTIONS = {
  ...PREDICT_OPTIONS,
  on: { type: 'string' },
  container: { type: 'string' },
  image: { type: 'string' },
  retries: { type: 'string', default: '2' },
} as const;

const reader = optionReader('docs/predict.md');

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const { values } = reader.parse({ args: [...args], options: OPTIONS });
  const task = reader.oneOf('--task', values.task ?? '', Object.fromEntries(readTasks()));
  return {
    ...readRunOptions(values, task, reader),
    data: reader.required('--data', values.data, 'the folder or table of a cohort'),
    out: values.out ?? join('dist/predict', task.name),
    limit: values.limit === undefined ? undefined : reader.count('--limit', values.limit),
    allowFailures: values['allow-failures'],
    slurm: readSlurmOptions(values),
  };
}

/** How elements of array jobs run; undefined for this machine. */
function readSlurmOptions({ on, container, image, retries }: Values<typeof OPTIONS>) {
  if (on === undefined) return undefined;
  reader.oneOf('--on', on, { slurm: on });
  const runtimes = Object.fromEntries(([...RUNTIMES, 'none'] as const).map((name) => [name, name]));
  return {
    runtime: container === undefined ? undefined : reader.oneOf('--container', container, runtimes),
    archive: image,
    retries: reader.count('--retries', retries, 0, 9),
  };
}

type Values<T extends ParseArgsConfig['options']> = ReturnType<
  typeof parseArgs<{ options: T }>
>['values'];

/** The program, which must be there, and how many cases run at a time. Throws OPTION_INVALID. */
export function readRunOptions(
  values: Values<typeof PREDICT_OPTIONS>,
  task: CohortTask,
  { count, oneOf, refusal }: OptionReader,
) {
  const plan = oneOf('--plan', values.plan, { all: 'all', auto: 'auto' } as const);
  const file = values.program ?? join('dist/apps', task.name, 'main.mjs');
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw refusal('--program', `there is no ${file}: run \`nx run ${task.name}:build\` first`);
  }
  if (!stat.isFile()) throw refusal('--program', `${file} is not a file`);
  // Without a plan that goes by the time, the platform's limit would only cost answers.
  const usualLimitS = plan === 'auto' ? task.timeLimit.hecktor25 : 86_400;
  const program: Program = {
    file,
    resources: values.resources ?? join('apps', task.name, 'resources'),
    modelFolder: process.env['HECKTOR_MODEL_FOLDER'] ?? '/opt/ml/model',
    threads: count('--threads', values.threads, 1, 256),
    plan,
    timeLimitS:
      values.timeout === undefined
        ? usualLimitS
        : count('--timeout', values.timeout, 1, MAX_TIME_LIMIT_S),
  };
  const jobs = values.jobs === undefined ? undefined : count('--jobs', values.jobs);
  return { task, program, jobs };
}
