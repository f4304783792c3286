import { HecktorError } from '@hecktor/errors';
import { readFile } from 'node:fs/promises';
import { modelDigests, recipeDigest } from '../build/labels.ts';
import type { Weights } from '../build/check-files.ts';
import type { ImageFacts } from '../engine/image-facts.ts';
import type { Limits } from '../test-run/limits.ts';
import type { TestRunReport } from '../test-run/report/report.ts';

/**
 * The verdict of the last test run; undefined when there was none or its file is damaged.
 *
 * @param file - dist/test-run/<task>/verdict.json
 */
export async function readVerdict(file: string): Promise<VerdictFile | undefined> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as unknown;
    return isVerdict(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why an image counts as untested; undefined: its last test run passed.
 */
export function whyNoVerdict(
  verdict: VerdictFile | undefined,
  imageId: string,
): string | undefined {
  if (verdict === undefined) return 'there was no test run';
  if (verdict.imageId !== imageId) return 'the last test run was of another build';
  return verdict.passed ? undefined : 'its last test run broke a rule';
}

function isVerdict(read: unknown): read is VerdictFile {
  const { imageId, profile, passed, cases, outputs } = (read ?? {}) as Partial<VerdictFile>;
  return (
    [imageId, profile].every((text) => typeof text === 'string') &&
    typeof passed === 'boolean' &&
    Array.isArray(cases) &&
    typeof outputs === 'object' &&
    outputs !== null
  );
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
 *
 * @throws HecktorError CHECK_FAILED when they were changed after the build.
 */
export async function assertSameResources(
  { labels }: Pick<ImageFacts, 'labels'>,
  { resources, weights, force, onNote }: SameResourcesOptions,
): Promise<void> {
  const changed: string[] = [];
  for (const { label, what, digest } of [
    { label: 'hecktor.recipe', what: 'the recipe', digest: recipeDigest },
    { label: 'hecktor.models', what: 'the weights', digest: modelDigests },
  ]) {
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
    file: resources,
    detail,
    cause: 'they were changed after the build, or the image was built with --resources',
    fix: 'run docker-build and docker-test-run again, or give docker-save the same --resources',
  });
}

/**
 * A warning when a test run was given more than its profile gives: what passed then may be stopped
 * on the platform. Undefined when it was not.
 */
export function weakerLimits(
  verdict: Pick<VerdictFile, 'limits'> | undefined,
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

/** What docker-save needs to know of a test run. */
interface VerdictFile {
  readonly imageId: string;
  readonly profile: string;
  /** What the runs were given; older verdicts do not say. */
  readonly limits?: Pick<Limits, 'cpus' | 'memoryBytes' | 'timeLimit'>;
  readonly passed: boolean;
  readonly cases: readonly string[];
  /** sha256 by path below the output folder. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Several cases lie in a folder each, named after them. */
export function toVerdict({
  image,
  profile,
  limits: { cpus, memoryBytes, timeLimit },
  passed,
  cases,
}: TestRunReport): VerdictFile {
  const place = (name: string, path: string) => (cases.length > 1 ? `${name}/${path}` : path);
  return {
    imageId: image.id,
    profile,
    limits: { cpus, memoryBytes, timeLimit },
    passed,
    cases: cases.map(({ name }) => name),
    outputs: Object.fromEntries(
      cases.flatMap(({ name, outputs }) =>
        Object.entries(outputs).map(([path, digest]) => [place(name, path), digest]),
      ),
    ),
  };
}
