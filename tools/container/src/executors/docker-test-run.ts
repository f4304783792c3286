import { join, resolve } from 'node:path';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { defaultTag, type Task } from '../task.ts';
import type { LayoutName } from '../test-run/layouts.ts';
import { testRun } from '../test-run/test-run.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';

/** Options as in schemas/docker-test-run.json. */
interface Options {
  engine: EngineName;
  tag?: string;
  case?: string;
  output?: string;
  expected?: string;
  layout: LayoutName;
  cpus: number;
  memory: string;
  timeLimit: number;
}

export default function dockerTestRun(options: Options, context: Context): Promise<Outcome> {
  return runExecutor(context, async (task) => {
    const { layout, cpus, memory, timeLimit } = options;
    const bundled = join(task.root, 'test/input');
    const folder = options.case === undefined ? bundled : fromWorkspace(task, options.case);
    const output = fromWorkspace(task, options.output ?? join('dist/test-run', task.name));
    const report = await testRun(await openEngine(options.engine), {
      ...{ task, layout, cpus, memory, timeLimit, output },
      image: options.tag ?? defaultTag(task),
      case: folder,
      expected: expectedFolder(options, task, folder === resolve(bundled)),
      env: process.env['DEBUG'] ? { DEBUG: process.env['DEBUG'] } : {},
      onLine: (line, stream) => process[stream].write(`${line}\n`),
    });
    const startUp =
      report.startUp === undefined ? '' : `, first line after ${report.startUp.toFixed(2)} s`;
    console.log(`\n${task.name} kept to the rules (${layout} layout)`);
    for (const finding of report.findings) console.log(`  ${finding}`);
    console.log(`  time: ${report.seconds.toFixed(1)} s of ${timeLimit} s${startUp}`);
    console.log(`  output: ${output}`);
    console.log(`next: nx run ${task.name}:docker-save`);
  });
}

function expectedFolder(options: Options, task: Task, isBundled: boolean): string | undefined {
  if (options.expected !== undefined) return fromWorkspace(task, options.expected);
  return isBundled ? join(task.root, 'test/expected') : undefined;
}
