import { HecktorError } from '@hecktor/errors';
import { createLog, createProgress } from '@hecktor/runtime';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultTag, fromWorkspace, taskOf, type App } from '../app.ts';
import type { Weights } from '../build/check-files.ts';
import { withInterruption } from '../engine/interruption.ts';
import { type EngineName, openEngine } from '../engine/open-engine.ts';
import { withModelFolder } from '../save/save-image.ts';
import { type Rerun, saveSubmission } from '../save/save-submission.ts';
import { readVerdict, toVerdict, weakerLimits } from '../save/verdict.ts';
import { casesOf } from '../test-run/cases.ts';
import { limitsOf } from '../test-run/limits.ts';
import { isProfileName } from '../test-run/profile.ts';
import { toText } from '../test-run/report/to-text.ts';
import { testRun } from '../test-run/test-run.ts';
import { type Context, type Outcome, ownProfile, profileOf, runExecutor } from './run-executor.ts';

/** As in schemas/docker-save.json. */
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
  const { weights = 'inside', force = false, container, tag = defaultTag(app) } = options;
  const archive = archiveFile(app, options.archive);
  const engine = await openEngine(options.engine);
  const progress = createProgress({
    log: createLog((_level, _message, fields) =>
      console.log(`${String(fields?.['stage'])} ${String(fields?.['percent'])} %`),
    ),
  });
  const note = (text: string) => {
    progress.stop();
    console.log(text);
  };
  const resources = fromWorkspace(app, options.resources ?? join(app.root, 'resources'));
  const verdict = join(app.workspace, 'dist/test-run', app.name, 'verdict.json');
  const tested = await readVerdict(verdict);
  // Separate weights need a profile that mounts them.
  const own = await ownProfile(app);
  const mounts = weights === 'inside' || own?.modelMount === true;
  const wanted = mounts ? tested?.profile : 'grand-challenge';
  const isKnown = wanted !== undefined && (isProfileName(wanted) || wanted === own?.name);
  const profile = await profileOf(app, isKnown ? wanted : undefined);
  const limits = limitsOf(profile, taskOf(app), { api: tested?.api });
  const weaker = weakerLimits(tested, limits);
  if (weaker !== undefined) note(weaker);

  const rerun = async (image: string): Promise<Rerun> => {
    note('running the image from the archive');
    const cases = await casesOf(app, options.case ?? []);
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
  };

  try {
    const saved = await saveSubmission(engine, {
      image: container === undefined ? tag : `hecktor-${app.name}:submission`,
      modelArchive: fromWorkspace(app, `dist/model_${app.name}.tar.gz`),
      maxBytes: options.maxBytes ?? profile.archive ?? Infinity,
      timeLimit: limits.timeLimit,
      ...{ container, archive, force, weights, resources, verdict, signal },
      onProgress: (stage, fraction) => progress.update(stage, fraction),
      onNote: note,
      rerun: options.rerun === false ? undefined : rerun,
    });
    progress.stop();
    for (const one of [saved.image, saved.models]) {
      if (one === undefined) continue;
      console.log(`saved ${one.archive}`);
      console.log(`  size: ${(one.bytes / 1e6).toFixed(1)} MB`);
      console.log(`  sha256: ${one.sha256}`);
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
