import { CATALOGUE, type ErrorCode, errorDocs } from '@hecktor/errors';
import { sanitise } from '../../sanitise-text.ts';

/** What a rule is called, and the error that breaking it is. */
interface Rule {
  readonly title: string;
  readonly code: ErrorCode;
  /** What usually breaks it. Default: what the catalogue says of the error. */
  readonly cause?: string;
  readonly fix?: string;
}

/** The rules a test run judges. */
export const RULES = {
  user: { title: 'runs as a user that is not root', code: 'ROOT_USER' },
  architecture: { title: 'image for linux/amd64', code: 'WRONG_ARCHITECTURE' },
  'image-size': { title: 'size of the image', code: 'ARCHIVE_TOO_LARGE' },
  'time-limit': {
    title: 'time limit built into the image',
    code: 'TIMEOUT',
    cause: 'the image was built for another profile than it is run or saved under',
    fix: 'build it with the same --profile, or with --time-limit',
  },
  exit: {
    title: 'ends with exit code 0',
    code: 'CHECK_FAILED',
    cause: 'the program ended with an error',
    fix: 'correct what its last line names; DEBUG=1 in front of the command shows more',
  },
  api: {
    title: 'run as the platform will run it',
    code: 'CHECK_FAILED',
    cause: 'the platform goes by the image’s label org.grand-challenge.api-method',
    fix: 'give docker-build and docker-test-run the same --api',
  },
  invoke: {
    title: 'answers as a server',
    code: 'CHECK_FAILED',
    cause: 'the program gave up the case with an error, or does not serve on port 4743',
    fix: 'correct what its last line names; DEBUG=1 in front of the command shows more',
  },
  time: { title: 'wall-clock time', code: 'TIMEOUT' },
  memory: { title: 'memory', code: 'OUT_OF_MEMORY' },
  processes: { title: 'processes and threads', code: 'TOO_MANY_PROCESSES' },
  network: { title: 'no attempt to use a network', code: 'NETWORK_ATTEMPTED' },
  writes: { title: 'writes only to /tmp and the output folder', code: 'READ_ONLY_FILE_SYSTEM' },
  'last-line': {
    title: 'last line of stderr helps',
    code: 'CHECK_FAILED',
    cause: 'an exception that nobody caught; the platform shows this line and nothing else',
    fix: 'end with one line that says what is wrong',
  },
  'output-files': { title: 'exactly the expected output files', code: 'OUTPUT_FILES_WRONG' },
  'output-type': { title: 'type of the output', code: 'OUTPUT_TYPE_INVALID' },
  'output-labels': { title: 'labels of the mask', code: 'OUTPUT_LABELS_INVALID' },
  'output-grid': {
    title: 'mask on the grid of the CT',
    code: 'OUTPUT_GRID_MISMATCH',
    cause: 'the mask was not put back from the model’s grid onto the CT’s',
    fix: 'restore it to the size, spacing, origin and direction of the CT',
  },
  'own-answer': { title: "the model's own answer", code: 'FALLBACK_USED' },
  'output-plausible': { title: 'a plausible result', code: 'OUTPUT_IMPLAUSIBLE' },
  'same-result': { title: 'the same result in every run', code: 'RESULT_VARIES' },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

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

/** A row about a rule. A broken rule and a warning get the usual cause and fix unless told others. */
export function finding(
  rule: RuleId,
  facts: Pick<Finding, 'observed' | 'verdict'> & Partial<Finding>,
): Finding {
  const { code, cause = CATALOGUE[code].cause, fix = CATALOGUE[code].fix }: Rule = RULES[rule];
  const { title = RULES[rule].title, observed, limit = '', verdict } = facts;
  const row = { rule, title, observed: sanitise(observed), limit, verdict };
  if (verdict !== 'broken' && verdict !== 'warning') return row;
  const { docs = errorDocs(code) } = facts;
  return { ...row, cause: facts.cause ?? cause, fix: facts.fix ?? fix, docs };
}

/** A row with a fact that no rule limits. */
export function note(title: string, observed: string): Finding {
  const shown = { title: sanitise(title), observed: sanitise(observed) };
  return { rule: 'note', ...shown, limit: '', verdict: 'note' };
}
