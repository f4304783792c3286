/** The rules a test run judges. */
export type RuleId =
  | 'user'
  | 'architecture'
  | 'image-size'
  | 'exit'
  | 'time'
  | 'memory'
  | 'processes'
  | 'network'
  | 'writes'
  | 'last-line'
  | 'output-files'
  | 'output-type'
  | 'output-labels'
  | 'output-grid'
  | 'output-plausible'
  | 'same-result';

/**
 * kept, broken: the platform would take or refuse it. warning: allowed but doubtful. unseen: could
 * not be judged. note: a fact without a limit.
 */
export type Verdict = 'kept' | 'broken' | 'warning' | 'unseen' | 'note';

/** One row of the report. */
export interface Finding {
  readonly rule: RuleId | 'note';
  readonly title: string;
  readonly observed: string;
  /** What the rule allows; empty for a note. */
  readonly limit: string;
  readonly verdict: Verdict;
  /** Of a broken rule or a warning. */
  readonly cause?: string;
  readonly fix?: string;
  /** Where the documentation explains it. */
  readonly docs?: string;
}

/** Whether nothing in a list is broken. */
export function noneBroken(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'broken');
}

/** Whether what was written can be used, whatever else is broken. */
export function isOutputSound(findings: readonly Finding[]): boolean {
  const judged = findings.filter(({ rule }) => rule.startsWith('output-'));
  return (
    judged.length > 0 && judged.every(({ verdict }) => !['broken', 'unseen'].includes(verdict))
  );
}
