import { join, resolve } from 'node:path';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { withLock } from '../engine/with-lock.ts';
import { defaultTag, type Task } from '../task.ts';
import { assertResultsFolder } from '../test-run/assert-results-folder.ts';
import { bundledCase, findCases } from '../test-run/cases.ts';
import { assertExpectedFolder } from '../test-run/compare-outputs.ts';
import type { LayoutName } from '../test-run/layouts.ts';
import { loadProfile } from '../test-run/profile/load-profile.ts';
import { summary, toText } from '../test-run/report/to-text.ts';
import { forgetVerdict, writeReports } from '../test-run/report/write-reports.ts';
import { expectedOutput } from '../test-run/outputs.ts';
import { testRun } from '../test-run/test-run.ts';
import { progressPrinter } from '../test-run/progress-printer.ts';
import { buildTask } from './docker-build.ts';
import { nextTarget } from './next-target.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';
import { withInterruption } from './with-interruption.ts';

/** Options as in schemas/docker-test-run.json. */
interface Options {
  engine: EngineName;
  build?: boolean;
  tag?: string;
  profile?: string;
  case?: string | readonly string[];
  output?: string;
  expected?: string;
  model?: string;
  layout?: LayoutName | 'both';
  twice?: boolean;
  cpus?: number;
  memory?: string;
  timeLimit?: number;
}

export default function dockerTestRun(options: Options, context: Context): Promise<Outcome> {
  return runExecutor(context, (task) =>
    withInterruption('there is no verdict', async (signal) => {
      const results = join(task.workspace, 'dist/test-run', task.name);
      const output = await outputFolder(options, task, results);
      return withLock(output, () => run(task, options, { results, output, signal }));
    }),
  );
}

interface Place {
  /** The task's default folder, where the verdict lies. */
  readonly results: string;
  readonly output: string;
  readonly signal: AbortSignal;
}

async function run(
  task: Task,
  options: Options,
  { results, output, signal }: Place,
): Promise<boolean> {
  const { engine: engineName, tag, model } = options;
  // Weights that are mounted belong to an image that was built without them.
  if (options.build ?? model === undefined) {
    await buildTask(task, { engine: engineName, ...(tag !== undefined && { tag }) }, signal);
  }
  const engine = await openEngine(engineName);
  const bundled = bundledCase(task);
  const folders = [options.case ?? []].flat().map((path) => fromWorkspace(task, path));
  const cases = folders.length === 0 ? [bundled] : await findCases(folders);
  const verdict = join(results, 'verdict.json');
  await forgetVerdict(verdict);
  const printer = progressPrinter(cases.length);
  const report = await testRun(engine, {
    task,
    image: options.tag ?? defaultTag(task),
    profile: await loadProfile(profileOf(task, options.profile)),
    overrides: overridesOf(options),
    cases,
    output,
    layout: options.layout ?? 'both',
    twice: options.twice ?? true,
    expected: await expectedFolder(
      options,
      task,
      resolve(cases[0]!.folder) === resolve(bundled.folder),
    ),
    ...(options.model === undefined ? {} : { model: fromWorkspace(task, options.model) }),
    env: process.env['DEBUG'] ? { DEBUG: process.env['DEBUG'] } : {},
    ...printer,
    signal,
  });
  const files = await writeReports(report, { folder: output, verdict });
  const width = Math.min(process.stdout.columns ?? 120, 160);
  console.log(`\n${toText(report, { width, colour: process.stdout.isTTY === true })}\n`);
  console.log(summary(report));
  console.log(`  report: ${files.html}`);
  console.log(`  output: ${output}`);
  if (report.passed) console.log(nextTarget(task, 'docker-save', { engine: engineName, tag }));
  return report.passed;
}

/** The default folder is ours; any other is emptied only if nothing of somebody else is in it. */
async function outputFolder(options: Options, task: Task, ours: string): Promise<string> {
  if (options.output === undefined) return ours;
  const folder = fromWorkspace(task, options.output);
  await assertResultsFolder(folder, (await expectedOutput(task)).path);
  return folder;
}

/** A name stays one, a path is taken from the workspace. */
function profileOf(task: Task, profile = 'hecktor25'): string {
  return /[./\\]/.test(profile) ? fromWorkspace(task, profile) : profile;
}

function overridesOf({ cpus, memory, timeLimit }: Options) {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memory }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
  };
}

async function expectedFolder(
  options: Options,
  task: Task,
  isBundled: boolean,
): Promise<string | undefined> {
  if (options.expected !== undefined) {
    const folder = fromWorkspace(task, options.expected);
    await assertExpectedFolder(folder);
    return folder;
  }
  return isBundled ? join(task.root, 'test/expected') : undefined;
}
