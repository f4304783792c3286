// Runs a task's program on a labelled set and scores it.
//   node tools/build/run-ts.mjs tools/evaluate/src/main.ts --task task2 --data <folder>
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertWritable } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { toHecktorError } from '@hecktor/runtime';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import { readOptions } from './options.ts';
import { describePlanCost, planCost } from './plan-cost.ts';
import { describeEvaluation } from './report.ts';
import { abandonCases } from './run-case.ts';
import { createProgress } from './progress.ts';
import { assertDirection } from './score-survival.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const { task, data, program, resources, out } = options;
  // Hours of cases would be lost at the end.
  assertWritable(out);
  const run: EvaluateOptions = {
    task,
    data,
    program: { file: program, resources, limit: options.timeout },
    jobs: options.jobs,
    limit: options.limit,
    progress: (total) => createProgress(total, process.stderr),
  };
  if (options.planCost) {
    const levels = await planCost(run);
    writeFileSync(join(out, 'plan-cost.json'), `${JSON.stringify(levels, null, 2)}\n`);
    process.stdout.write(describePlanCost(levels));
    process.stdout.write(`written: ${join(out, 'plan-cost.json')}\n`);
    const failed = levels.some(({ evaluation }) => evaluation.failures.length > 0);
    return failed && !options.allowFailures ? 1 : 0;
  }
  const evaluation = await evaluate(run);
  const text = describeEvaluation(evaluation);
  writeFileSync(join(out, 'scores.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
  writeFileSync(join(out, 'scores.txt'), text);
  process.stdout.write(`${text}written: ${join(out, 'scores.json')}\n`);
  if (options.direction) {
    assertDirection(evaluation, resources);
    const { scores = [], warnings = [] } = evaluation.scored ?? {};
    const certain = warnings.length === 0 ? 'as it should be' : 'probably as it should be';
    // Equal risks order nobody.
    const direction = scores[0]?.value === 0.5 ? 'unknown' : certain;
    const see = warnings.length === 0 ? '' : ', see the warning';
    if (evaluation.scored !== undefined) {
      process.stdout.write(`direction: ${direction}${see}; higher risk = earlier recurrence\n`);
    }
  }
  if (evaluation.scored === undefined) return 1;
  return evaluation.failures.length > 0 && !options.allowFailures ? 1 : 0;
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not once: a second signal must not end the program before the folders are gone.
  process.on(name, () => {
    abandonCases();
    const error = new HecktorError('INTERRUPTED', { detail: `received ${name}` });
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  });
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const error = toHecktorError(thrown);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
