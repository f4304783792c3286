// Runs a task's program on a labelled set and scores it.
//   node tools/build/run-ts.mjs tools/evaluate/src/main.ts --task task2 --data <folder>
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HecktorError } from '@hecktor/errors';
import { assertDirection } from './direction.ts';
import { evaluate } from './evaluate.ts';
import { createProgress } from './progress.ts';
import { describeEvaluation } from './report.ts';
import { TASKS, type Task } from './tasks.ts';

async function main(): Promise<number> {
  const options = readOptions();
  const { task, data, program, resources, out } = options;
  const evaluation = await evaluate({
    task,
    data,
    program: { file: program, resources, limit: options.timeout },
    jobs: options.jobs,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    progress: (total) => createProgress(total, process.stderr),
  });
  mkdirSync(out, { recursive: true });
  const text = describeEvaluation(evaluation);
  writeFileSync(join(out, 'scores.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
  writeFileSync(join(out, 'scores.txt'), text);
  process.stdout.write(`${text}written: ${join(out, 'scores.json')}\n`);
  if (options.direction) {
    assertDirection(evaluation, resources);
    if (evaluation.scored !== undefined) {
      process.stdout.write('direction: as it should be, higher risk = earlier recurrence\n');
    }
  }
  if (evaluation.scored === undefined) return 1;
  return evaluation.failures.length > 0 && !options.allowFailures ? 1 : 0;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      task: { type: 'string' },
      data: { type: 'string' },
      program: { type: 'string' },
      resources: { type: 'string' },
      out: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      limit: { type: 'string' },
      timeout: { type: 'string', default: '900' },
      'check-direction': { type: 'boolean', default: false },
      'allow-failures': { type: 'boolean', default: false },
    },
  });
  const task = values.task;
  if (task === undefined || !(task in TASKS)) {
    throw usage('--task', `expected one of ${Object.keys(TASKS).join(', ')}`);
  }
  const { data } = values;
  if (data === undefined) throw usage('--data', 'expected the folder of a labelled set');
  const program = values.program ?? join('dist/apps', task, 'main.mjs');
  if (!existsSync(program)) {
    throw usage('--program', `there is no ${program}: run \`nx run ${task}:build\` first`);
  }
  const direction = values['check-direction'];
  if (direction && task !== 'task2') throw usage('--check-direction', 'only task2 has a direction');
  return {
    task: task as Task['name'],
    data,
    program,
    resources: values.resources ?? join('apps', task, 'resources'),
    out: values.out ?? join('dist/evaluate', task),
    jobs: count('--jobs', values.jobs),
    timeout: count('--timeout', values.timeout),
    limit: values.limit === undefined ? undefined : count('--limit', values.limit),
    direction,
    allowFailures: values['allow-failures'],
  };
}

function count(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw usage(name, `expected a whole number above 0, got '${text}'`);
}

function usage(name: string, detail: string): HecktorError {
  return new HecktorError('OPTION_INVALID', { detail: `${name}: ${detail}` });
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof HecktorError;
  process.stderr.write(`${known || error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = known ? error.exitCode : 1;
}
