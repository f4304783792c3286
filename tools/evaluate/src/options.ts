import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HecktorError } from '@hecktor/errors';
import { readScoredTasks } from './tasks.ts';

/** A week; a timer of Node holds little more, and fires at once for what it cannot hold. */
const MAX_TIMEOUT_S = 604_800;

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const values = parse(args);
  const tasks = readScoredTasks();
  const task = tasks.get(values.task ?? '');
  if (task === undefined) {
    throw usage('--task', `expected one of ${[...tasks.keys()].join(', ')}`);
  }
  const { data } = values;
  if (data === undefined) throw usage('--data', 'expected the folder of a labelled set');
  const program = values.program ?? join('dist/apps', task.name, 'main.mjs');
  const stat = statSync(program, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw usage('--program', `there is no ${program}: run \`nx run ${task.name}:build\` first`);
  }
  if (!stat.isFile()) throw usage('--program', `${program} is not a file`);
  const direction = values['check-direction'];
  if (direction && task.evaluation.metric !== 'concordance-index') {
    throw usage('--check-direction', 'only a risk has a direction');
  }
  return {
    task,
    data,
    program,
    resources: values.resources ?? join('apps', task.name, 'resources'),
    out: values.out ?? join('dist/evaluate', task.name),
    jobs: count('--jobs', values.jobs),
    timeout: count('--timeout', values.timeout ?? String(task.timeLimit.hecktor25), MAX_TIMEOUT_S),
    limit: values.limit === undefined ? undefined : count('--limit', values.limit),
    direction,
    planCost: values['plan-cost'],
    allowFailures: values['allow-failures'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        task: { type: 'string' },
        data: { type: 'string' },
        program: { type: 'string' },
        resources: { type: 'string' },
        out: { type: 'string' },
        jobs: { type: 'string', default: '1' },
        limit: { type: 'string' },
        timeout: { type: 'string' },
        'check-direction': { type: 'boolean', default: false },
        'plan-cost': { type: 'boolean', default: false },
        'allow-failures': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const fix = 'correct the option; docs/evaluate.md lists them all';
    throw new HecktorError('OPTION_INVALID', { detail: (error as Error).message, fix });
  }
}

function count(name: string, text: string, most = Infinity): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text);
  const range = most === Infinity ? 'above 0' : `from 1 to ${most}`;
  throw usage(name, `expected a whole number ${range}, got '${text}'`);
}

function usage(name: string, detail: string): HecktorError {
  return new HecktorError('OPTION_INVALID', { detail: `${name}: ${detail}` });
}
