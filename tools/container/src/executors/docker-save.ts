import { HecktorError } from '@hecktor/errors';
import { createLog, createProgress, type LogFields } from '@hecktor/runtime';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Weights } from '../build/check-files.ts';
import { type Engine, type EngineName, openEngine } from '../engine/open-engine.ts';
import { weakerLimits, readVerdict, toVerdict } from '../save/verdict.ts';
import { withModelFolder } from '../save/save-image.ts';
import { type Rerun, saveSubmission } from '../save/save-submission.ts';
import { defaultTag, taskOf, type App } from '../app.ts';
import { bundledCase, findCases } from '../test-run/cases.ts';
import { limitsOf } from '../test-run/limits.ts';
import { loadProfile, type Profile, isProfileName } from '../test-run/profile.ts';
import { toText } from '../test-run/report/to-text.ts';
import { testRun, type TestRunOptions } from '../test-run/test-run.ts';
import { type Context, fromWorkspace, type Outcome, runExecutor } from './run-executor.ts';
import { withInterruption } from '../engine/interruption.ts';

/** Options as in schemas/docker-save.json. */
interface Options {
  engine: EngineName;
  tag?: string;
  container?: string;
  archive?: string;
  weights?: Weights;
  resources?: string;
  case?: string;
  maxBytes?: number;
  force?: boolean;
  rerun?: boolean;
}

export default function dockerSave(options: Options, context: Context): Promise<Outcome> {
  return runExecutor(context, (app) =>
    withInterruption('no archive was written', (signal) => save(app, options, signal)),
  );
}

async function save(app: App, options: Options, signal: AbortSignal): Promise<void> {
  const { weights = 'inside', force = false } = options;
  const archive = archiveFile(app, options.archive);
  const engine = await openEngine(options.engine);
  const progress = createProgress({ log: createLog(plainLine) });
  const resources = fromWorkspace(app, options.resources ?? join(app.root, 'resources'));
  const verdict = join(app.workspace, 'dist/test-run', app.name, 'verdict.json');
  const profile = await profileFor(verdict, weights);
  const note = (text: string) => {
    progress.stop();
    console.log(text);
  };
  const limits = limitsOf(profile, taskOf(app));
  const weaker = weakerLimits(await readVerdict(verdict), limits);
  if (weaker !== undefined) note(weaker);
  try {
    const saved = await saveSubmission(engine, {
      image:
        options.container === undefined
          ? (options.tag ?? defaultTag(app))
          : `hecktor-${app.name}:submission`,
      container: options.container,
      archive,
      modelArchive: fromWorkspace(app, `dist/model_${app.name}.tar.gz`),
      maxBytes: options.maxBytes ?? profile.archive ?? Infinity,
      timeLimit: limits.timeLimit,
      ...{ force, weights, resources, verdict, signal },
      onProgress: (stage, fraction) => progress.update(stage, fraction),
      onNote: note,
      rerun:
        options.rerun === false
          ? undefined
          : (image) => {
              note('running the image from the archive');
              const folder = options.case && fromWorkspace(app, options.case);
              return rerun(engine, { app, image, folder, profile, weights, resources, signal });
            },
    });
    progress.stop();
    for (const { archive, bytes, sha256 } of [saved.image, saved.models].filter(
      (one) => one !== undefined,
    )) {
      console.log(`saved ${archive}`);
      console.log(`  size: ${(bytes / 1e6).toFixed(1)} MB`);
      console.log(`  sha256: ${sha256}`);
    }
    console.log(`  facts: ${saved.facts}`);
    console.log(`  bill of materials: ${saved.sbom}`);
  } finally {
    progress.stop();
  }
}

function archiveFile(app: App, given = `dist/submission_${app.name}.tar.gz`): string {
  if (given.endsWith('.tar.gz')) return fromWorkspace(app, given);
  throw new HecktorError('OPTION_INVALID', {
    detail: `--archive=${given} does not end with .tar.gz`,
    cause:
      'a folder or another kind of file was given; the platform knows a submission by that ending',
    fix: `give a file such as --archive=dist/submission_${app.name}.tar.gz`,
  });
}

/** The profile of the test run; separate weights need one that mounts them. */
async function profileFor(verdict: string, weights: Weights): Promise<Profile> {
  const name = (await readVerdict(verdict))?.profile ?? '';
  if (weights === 'separate') return loadProfile('grand-challenge');
  return loadProfile(isProfileName(name) ? name : 'hecktor25');
}

type RerunOptions = Pick<TestRunOptions, 'app' | 'image' | 'profile' | 'signal'> & {
  /** A case of one's own. */
  readonly folder: string | undefined;
  readonly weights: Weights;
  readonly resources: string;
};

async function rerun(engine: Engine, options: RerunOptions): Promise<Rerun> {
  const { app, image, profile, weights, resources, signal } = options;
  const cases =
    options.folder === undefined ? [bundledCase(app)] : await findCases([options.folder]);
  const folder = await mkdtemp(join(tmpdir(), 'hecktor-from-archive-'));
  const run = (model?: string) =>
    testRun(engine, {
      ...{ app, image, profile, cases, twice: false, layout: profile.layout, signal },
      ...{ output: join(folder, 'output'), model },
    });
  try {
    const report = weights === 'separate' ? await withModelFolder(resources, run) : await run();
    if (report.passed) return toVerdict(report);
    console.log(`\n${toText(report, { width: 120, colour: false })}\n`);
    throw new HecktorError('ARCHIVE_INVALID', {
      detail: 'the image that was loaded from the archive broke the rules above',
      cause: 'the image was changed, or this machine is too busy',
      fix: 'run the docker-test-run target and save it again',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How far it is, where no bar can be drawn. */
function plainLine(_level: string, _message: string, fields?: LogFields): void {
  console.log(`${String(fields?.['stage'])} ${String(fields?.['percent'])} %`);
}
