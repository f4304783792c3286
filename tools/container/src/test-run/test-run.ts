import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageFacts } from '../engine/image-facts.ts';
import type { Engine } from '../engine/open-engine.ts';
import { type Api, apiOf } from '../api.ts';
import { taskOf, type App } from '../app.ts';
import type { Case } from './cases.ts';
import { emptyOutput, mountableCase } from './folders.ts';
import type { LayoutName } from './run-args.ts';
import { limitsOf, type Overrides } from './limits.ts';
import type { Profile } from './profile.ts';
import { comparison } from './compare-outputs.ts';
import { drawMask } from './report/write-reports.ts';
import type { CaseReport, TestRunReport } from './report/report.ts';
import { noneBroken } from './rules/rules.ts';
import { judgeImage } from './rules/judge-image.ts';
import { runCase } from './run-case.ts';

/** Folders are absolute. */
export interface TestRunOptions {
  app: App;
  image: string;
  profile: Profile;
  overrides?: Overrides;
  /** How the image is run. Default: as its label says. */
  api?: Api | undefined;
  cases: readonly Case[];
  /** Emptied first. One case is written into it, several into a folder each. */
  output: string;
  /** Layout of the runs; both: the profile's own first, the other in the second run. Default: both. */
  layout?: LayoutName | 'both';
  /** Whether the first case runs once more with a writable root file system. Default: true. */
  twice?: boolean;
  /** Folder with expected outputs; undefined: no comparison. */
  expected?: string | undefined;
  /** Folder with weights for /opt/ml/model. */
  model?: string | undefined;
  env?: Readonly<Record<string, string>>;
  /** Stops it; its reason is thrown. */
  signal?: AbortSignal | undefined;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  onRun?: (run: RunNotice) => void;
  onCase?: (report: CaseReport) => void;
}

/** A run that is about to start. */
interface RunNotice {
  readonly case: Case;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly layout: LayoutName;
  readonly writableRoot: boolean;
}

/**
 * Runs a task's image on its cases as the platform would, one after the other, and judges the image,
 * each run and what it wrote.
 */
export async function testRun(engine: Engine, options: TestRunOptions): Promise<TestRunReport> {
  const { app, image: tag, profile, output, cases, layout = 'both', signal } = options;
  const task = taskOf(app);
  const startedAt = new Date().toISOString();
  const image = await imageFacts(engine, tag);
  const api = options.api ?? apiOf(image.labels);
  const limits = limitsOf(profile, task, { ...options.overrides, api });
  const findings = judgeImage(image, limits, api);
  await emptyOutput(output, [...cases.map(({ folder }) => folder), app.workspace]);
  const first = layout === 'both' ? profile.layout : layout;
  const other = first === 'document' ? 'platform' : 'document';
  const second = layout === 'both' ? other : layout;
  const reports: CaseReport[] = [];
  // An image for another machine cannot be run here.
  const runnable = image.architecture === 'amd64' ? cases : [];
  const model = limits.modelMount ? await modelFolder(options.model) : undefined;
  try {
    for (const [i, one] of runnable.entries()) {
      const mounted = await mountableCase(one.folder);
      try {
        const { stdout, ...report } = await runCase(engine, {
          // By its id: a build that comes in between must not be judged half.
          ...{ image: image.id, task, limits, layout: first, case: one, signal },
          mounted: mounted.folder,
          output: cases.length === 1 ? output : join(output, one.name),
          secondLayout: i === 0 && options.twice !== false ? second : undefined,
          model: model?.folder,
          api,
          env: { ...options.env, ...(api !== apiOf(image.labels) && { HECKTOR_API: api }) },
          onLine: options.onLine,
          onRun: (name, writableRoot) => {
            signal?.throwIfAborted();
            options.onRun?.({
              ...{ case: one, number: i + 1, of: cases.length, layout: name, writableRoot },
            });
          },
        });
        const compared = await comparison(report, {
          ...{ outputs: task.outputs, folder: options.expected, stdout, several: cases.length > 1 },
        });
        const picture = await drawMask(report, task);
        signal?.throwIfAborted();
        reports.push({ ...report, picture, findings: [...report.findings, ...compared] });
        options.onCase?.(reports.at(-1)!);
      } finally {
        await mounted.dispose();
      }
    }
  } finally {
    await model?.dispose();
  }
  return {
    task: app.name,
    profile: profile.name,
    image: { tag, id: image.id, size: image.size },
    api,
    limits,
    startedAt,
    passed:
      noneBroken(findings) &&
      reports.length === cases.length &&
      reports.every((report) => noneBroken(report.findings)),
    findings,
    cases: reports,
  };
}

/** The folder to mount at /opt/ml/model: the one given, or an empty one as the platform has it. */
async function modelFolder(given: string | undefined) {
  if (given !== undefined) return mountableCase(given);
  const folder = await mkdtemp(join(tmpdir(), 'hecktor-model-'));
  await mkdir(join(folder, 'model'), { mode: 0o755 });
  return {
    folder: join(folder, 'model'),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
