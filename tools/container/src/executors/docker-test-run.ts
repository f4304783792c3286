import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createLogger, createProgress, isDebug } from '@hecktor/runtime';
import { type EngineName, openEngine } from '../engine/open-engine.ts';
import { withLock } from '../engine/with-lock.ts';
import type { Api } from '../api.ts';
import { defaultTag, fromWorkspace, taskOf, type App } from '../app.ts';
import { assertResultsFolder } from '../test-run/folders.ts';
import { bundledCase, type Case, casesOf } from '../test-run/cases.ts';
import { assertExpectedFolder } from '../test-run/compare-outputs.ts';
import type { LayoutName } from '../test-run/run-args.ts';
import { summary, toText } from '../test-run/report/to-text.ts';
import { writeReports } from '../test-run/report/write-reports.ts';
import { testRun, type TestRunOptions } from '../test-run/test-run.ts';
import { buildApp } from './docker-build.ts';
import { type Context, nextTarget, type Outcome, profileOf, runExecutor } from './run-executor.ts';
import { withInterruption } from '../engine/interruption.ts';
import { withoutStack } from '../symptoms/without-stack.ts';
import { sanitise } from '../sanitise-text.ts';

/** As in schemas/docker-test-run.json. */
interface Options {
  engine: EngineName;
  build?: boolean;
  tag?: string;
  profile?: string;
  api?: Api;
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
  return runExecutor(context, (app) =>
    withInterruption('there is no verdict', async (signal) => {
      const results = join(app.workspace, 'dist/test-run', app.name);
      const output = await outputFolder(options, app, results);
      const verdict = join(results, 'verdict.json');
      return withLock(output, () => run(app, options, { verdict, output, signal }));
    }),
  );
}

async function run(
  app: App,
  options: Options,
  { verdict, output, signal }: { verdict: string; output: string; signal: AbortSignal },
): Promise<boolean> {
  const { engine: engineName, tag, model, cpus, memory, timeLimit, api } = options;
  // Weights that are mounted belong to an image that was built without them.
  if (options.build ?? model === undefined) {
    await buildApp(app, { engine: engineName, tag, profile: options.profile, api }, signal);
  }
  const engine = await openEngine(engineName);
  const cases = await casesOf(app, options.case ?? []);
  // A verdict of an earlier run says nothing about one that is cut short.
  await rm(verdict, { force: true });
  const printer = progressPrinter(cases.length);
  const report = await testRun(engine, {
    app,
    image: options.tag ?? defaultTag(app),
    profile: await profileOf(app, options.profile),
    overrides: { cpus, memory, timeLimit },
    api,
    cases,
    output,
    layout: options.layout ?? 'both',
    twice: options.twice ?? true,
    expected: await expectedFolder(app, options, cases[0]!),
    model: model === undefined ? undefined : fromWorkspace(app, model),
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
  if (report.passed) console.log(nextTarget(app, 'docker-save', { engine: engineName, tag }));
  return report.passed;
}

/** The default folder is ours; any other is emptied only if nothing of somebody else is in it. */
async function outputFolder(options: Options, app: App, ours: string): Promise<string> {
  if (options.output === undefined) return ours;
  const folder = fromWorkspace(app, options.output);
  await assertResultsFolder(folder, taskOf(app).outputs);
  return folder;
}

/** The folder asked for; of the bundled patient there is one. */
async function expectedFolder(app: App, { expected }: Options, first: Case) {
  if (expected !== undefined) return assertExpectedFolder(fromWorkspace(app, expected));
  const isBundled = resolve(first.folder) === resolve(bundledCase(app).folder);
  return isBundled ? join(app.root, 'test/expected') : undefined;
}

type Callbacks = Required<Pick<TestRunOptions, 'onLine' | 'onRun' | 'onCase'>>;

/**
 * Tells a person how far a test run is: of one case everything the container says (stack
 * traces with DEBUG=1 alone), of several a line and a progress bar each.
 */
function progressPrinter(cases: number): Callbacks {
  if (cases === 1) {
    const shown = isDebug(process.env) ? () => true : withoutStack();
    return {
      onLine: (line, stream) => {
        if (stream === 'stdout' || shown(line)) process[stream].write(`${line}\n`);
      },
      onRun: ({ layout, writableRoot }) => {
        const how = writableRoot ? '\nonce more with a writable root file system,' : 'running';
        console.log(`${how} in the ${layout} layout`);
      },
      onCase: () => undefined,
    };
  }
  const progress = createProgress({ log: createLogger({ pretty: true }) });
  let done = 0;
  return {
    onLine: (line) => {
      const within = /"percent":(\d+)/.exec(line)?.[1];
      if (within !== undefined) progress.update('cases', (done + Number(within) / 100) / cases);
    },
    onRun: ({ case: { name }, number, of, writableRoot }) => {
      progress.stop();
      console.log(`[${number}/${of}] ${sanitise(name)}${writableRoot ? ', once more' : ''}`);
    },
    onCase: ({ findings, runs }) => {
      progress.stop();
      done++;
      const seconds = runs[0]?.seconds.toFixed(1) ?? '?';
      const broken = findings.find(({ verdict }) => verdict === 'broken');
      const fault = broken === undefined ? '' : `: ${broken.title}: ${broken.observed}`;
      console.log(`  ${broken === undefined ? 'ok' : 'BROKEN'}, ${seconds} s${fault}`);
    },
  };
}
