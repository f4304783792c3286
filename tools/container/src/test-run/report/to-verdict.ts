import type { TestRunReport } from './report.ts';

/** What docker-save needs to know of a test run. */
export interface VerdictFile {
  readonly imageId: string;
  readonly profile: string;
  readonly passed: boolean;
  readonly cases: readonly string[];
  /** sha256 by path below the output folder. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Several cases lie in a folder each, named after them. */
export function toVerdict({ image, profile, passed, cases }: TestRunReport): VerdictFile {
  const place = (name: string, path: string) => (cases.length > 1 ? `${name}/${path}` : path);
  return {
    imageId: image.id,
    profile,
    passed,
    cases: cases.map(({ name }) => name),
    outputs: Object.fromEntries(
      cases.flatMap(({ name, outputs }) =>
        Object.entries(outputs).map(([path, digest]) => [place(name, path), digest]),
      ),
    ),
  };
}
