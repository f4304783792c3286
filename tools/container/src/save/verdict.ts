import { HecktorError } from '@hecktor/errors';
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { apiOf } from '../api.ts';
import { modelDigests, recipeDigest } from '../build/labels.ts';
import type { Weights } from '../build/check-files.ts';
import type { ImageFacts } from '../engine/image-facts.ts';
import type { Limits } from '../test-run/limits.ts';
import { leavesOut } from '../test-run/observe/own-figures.ts';
import type { TestRunReport } from '../test-run/report/report.ts';

/** What docker-save needs to know of a test run: dist/test-run/<task>/verdict.json. */
const VERDICT = Type.Object({
  imageId: Type.String(),
  profile: Type.String(),
  /** What the runs were given; older verdicts do not say. */
  limits: Type.Optional(
    Type.Object({ cpus: Type.Number(), memoryBytes: Type.Number(), timeLimit: Type.Number() }),
  ),
  /** How it was run; older verdicts do not say. */
  api: Type.Optional(Type.Union([Type.Literal('exec'), Type.Literal('invoke')])),
  passed: Type.Boolean(),
  cases: Type.Array(Type.String()),
  /** sha256 by path below the output folder; several cases lie in a folder each. */
  outputs: Type.Record(Type.String(), Type.String()),
  /** Whether a plan left out something for time, so that another run may give another output. */
  isCutShort: Type.Optional(Type.Boolean()),
});
type Verdict = Static<typeof VERDICT>;

/** The verdict of the last test run; undefined when there was none or its file is damaged. */
export async function readVerdict(file: string): Promise<Verdict | undefined> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as unknown;
    return new Ajv().validate<Verdict>(VERDICT, read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** What docker-save is told of a test run. */
export function toVerdict({ image, profile, api, limits, passed, cases }: TestRunReport): Verdict {
  const { cpus, memoryBytes, timeLimit } = limits;
  const outputs = cases.flatMap((one) =>
    Object.entries(one.outputs).map(([path, digest]) => [
      cases.length > 1 ? `${one.name}/${path}` : path,
      digest,
    ]),
  );
  return {
    ...{ imageId: image.id, profile, limits: { cpus, memoryBytes, timeLimit }, api, passed },
    cases: cases.map(({ name }) => name),
    outputs: Object.fromEntries(outputs) as Record<string, string>,
    isCutShort: cases.some(({ plans }) => leavesOut(plans)),
  };
}

/** Why an image counts as untested; undefined: its last test run passed. */
export function whyNoVerdict(
  verdict: Verdict | undefined,
  imageId: string,
  labels: ImageFacts['labels'],
): string | undefined {
  if (verdict === undefined) return 'there was no test run';
  if (verdict.imageId !== imageId) return 'the last test run was of another build';
  const { api = 'exec' } = verdict;
  const labelled = apiOf(labels);
  if (api !== labelled) return `it was tested as ${api}, and its label asks for ${labelled}`;
  return verdict.passed ? undefined : 'its last test run broke a rule';
}

/** Warns when a test run was given more than its profile gives and the platform will. */
export function weakerLimits(
  verdict: Pick<Verdict, 'limits'> | undefined,
  { cpus, memoryBytes, timeLimit }: Limits,
): string | undefined {
  const had = verdict?.limits;
  if (had === undefined) return undefined;
  const weaker = [
    ...(had.cpus > cpus ? [`--cpus=${had.cpus} instead of ${cpus}`] : []),
    ...(had.memoryBytes > memoryBytes ? ['more --memory'] : []),
    ...(had.timeLimit > timeLimit ? [`--timeLimit=${had.timeLimit} instead of ${timeLimit}`] : []),
  ];
  if (weaker.length === 0) return undefined;
  return `warning: the test run had ${weaker.join(' and ')}; the platform gives no more than its profile`;
}

export interface SameResourcesOptions {
  /** The folder as it is now. */
  resources: string;
  weights: Weights;
  /** Tells of the difference, where the image holds everything itself, and goes on. */
  force: boolean;
  onNote?: (note: string) => void;
}

/**
 * Nobody should upload the model of last week: recipe and weights on this machine must be those that
 * the image was built from. An image that was not built here carries no digests and is not judged.
 */
export async function assertSameResources(
  { labels }: Pick<ImageFacts, 'labels'>,
  { resources, weights, force, onNote }: SameResourcesOptions,
): Promise<void> {
  const changed: string[] = [];
  for (const [label, what, digest] of [
    ['hecktor.recipe', 'the recipe', recipeDigest],
    ['hecktor.models', 'the weights', modelDigests],
  ] as const) {
    const built = labels[label];
    if (built === undefined && weights === 'inside') continue;
    const now = await digest(resources).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (now !== built) changed.push(what);
  }
  if (changed.length === 0) return;
  const detail = `${changed.join(' and ')} in this folder differ from those of the image`;
  if (force && weights === 'inside') return onNote?.(`warning: ${detail} (${resources})`);
  throw new HecktorError('CHECK_FAILED', {
    ...{ file: resources, detail },
    cause: 'they were changed after the build, or the image was built with --resources',
    fix: 'run docker-build and docker-test-run again, or give docker-save the same --resources',
  });
}
