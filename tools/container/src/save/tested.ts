import { HecktorError } from '@hecktor/errors';
import { readFile } from 'node:fs/promises';
import type { VerdictFile } from '../test-run/report/to-verdict.ts';

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
export function whyUntested(verdict: VerdictFile | undefined, imageId: string): string | undefined {
  if (verdict === undefined) return 'there was no test run';
  if (verdict.imageId !== imageId) return 'the last test run was of another build';
  return verdict.passed ? undefined : 'its last test run broke a rule';
}

/**
 * @throws HecktorError TEST_RUN_MISSING
 */
export function assertTested(verdict: VerdictFile | undefined, imageId: string): void {
  const reason = whyUntested(verdict, imageId);
  if (reason !== undefined) throw new HecktorError('TEST_RUN_MISSING', { detail: reason });
}

/** Outputs that differ from those of the test run, by their path. A log may differ. */
export function differing(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return Object.keys({ ...before, ...after })
    .filter((path) => !path.endsWith('log.txt') && before[path] !== after[path])
    .sort();
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
