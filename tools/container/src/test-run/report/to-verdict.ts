import type { Limits } from '../profile/limits-of.ts';
import type { TestRunReport } from './report.ts';

/** What docker-save needs to know of a test run. */
export interface VerdictFile {
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
