import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTasks, type CohortTask } from '@hecktor/cohort';
import { HecktorError, isHecktorError, type ErrorFacts } from '@hecktor/errors';
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

const SLURM_OPTIONS = {
  on: { type: 'string' },
  container: { type: 'string' },
  image: { type: 'string' },
  retries: { type: 'string', default: '2' },
} as const;

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const values = parse(args);
  const tasks = readTasks();
  const task = tasks.get(values.task ?? '');
  if (task === undefined) throw usage('--task', `expected one of ${[...tasks.keys()].join(', ')}`);
  const { data } = values;
  if (data === undefined) {
    throw usage('--data', 'expected the folder or table of a cohort', {
      cause: 'the option is missing',
    });
  }
  return {
    ...readRunOptions(values, task),
    data,
    out: values.out ?? join('dist/predict', task.name),
    limit: values.limit === undefined ? undefined : count('--limit', values.limit),
    allowFailures: values['allow-failures'],
    slurm: readSlurmOptions(values),
  };
}

/** How elements of array jobs run; undefined for this machine. */
function readSlurmOptions({ on, container, image, retries }: ReturnType<typeof parse>) {
  if (on === undefined) return undefined;
  if (on !== 'slurm') throw usage('--on', `expected slurm, got '${on}'`);
  const runtime = ([...RUNTIMES, 'none'] as const).find((name) => name === container);
  if (container !== undefined && runtime === undefined) {
    throw usage('--container', `expected ${RUNTIMES.join(', ')} or none, got '${container}'`);
  }
  if (!/^\d$/.test(retries)) throw usage('--retries', `expected 0 to 9, got '${retries}'`);
  return { runtime, archive: image, retries: Number(retries) };
}

type RunValues = ReturnType<typeof parseArgs<{ options: typeof PREDICT_OPTIONS }>>['values'];

/** The program, which must be there, and how many cases run at a time. Throws OPTION_INVALID. */
export function readRunOptions(values: RunValues, task: CohortTask) {
  const { plan } = values;
  if (plan !== 'all' && plan !== 'auto')
    throw usage('--plan', `expected all or auto, got '${plan}'`);
  const program: Program = {
    file: programFile(values.program ?? join('dist/apps', task.name, 'main.mjs'), task.name),
    resources: values.resources ?? join('apps', task.name, 'resources'),
    modelFolder: process.env['HECKTOR_MODEL_FOLDER'] ?? '/opt/ml/model',
    threads: count('--threads', values.threads, 256),
    plan,
    // Without a plan that goes by the time, the platform's limit would only cost answers.
    timeLimitS:
      values.timeout === undefined
        ? plan === 'auto'
          ? task.timeLimit.hecktor25
          : 86_400
        : count('--timeout', values.timeout, MAX_TIME_LIMIT_S),
  };
  const jobs = values.jobs === undefined ? undefined : count('--jobs', values.jobs);
  return { task, program, jobs };
}

function parse(args: readonly string[]) {
  try {
    const options = { ...PREDICT_OPTIONS, ...SLURM_OPTIONS };
    return refuseEmpty(parseArgs({ args: [...args], options }).values);
  } catch (error) {
    if (isHecktorError(error)) throw error;
    const fix = 'correct the option; docs/predict.md lists them all';
    throw new HecktorError('OPTION_INVALID', { detail: (error as Error).message, fix });
  }
}

/** Passes options on, none of them empty, as a variable that is not set leaves it. Throws OPTION_INVALID. */
export function refuseEmpty<T extends object>(values: T): T {
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(''));
  if (empty !== undefined) throw usage(`--${empty[0]}`, 'it has no value');
  return values;
}

/** The program of a task, which must be there. Throws OPTION_INVALID. */
function programFile(file: string, task: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw usage('--program', `there is no ${file}: run \`nx run ${task}:build\` first`);
  }
  if (!stat.isFile()) throw usage('--program', `${file} is not a file`);
  return file;
}

function count(name: string, text: string, most = Infinity): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text);
  const range = most === Infinity ? 'above 0' : `from 1 to ${most}`;
  throw usage(name, `expected a whole number ${range}, got '${text}'`);
}

function usage(name: string, detail: string, more: ErrorFacts = {}): HecktorError {
  const fix = 'correct the option; docs/predict.md lists them all';
  return new HecktorError('OPTION_INVALID', { detail: `${name}: ${detail}`, fix, ...more });
}
