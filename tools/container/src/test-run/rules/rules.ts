import { type ErrorCode, errorDocs } from '@hecktor/errors';
import { sanitise } from '../../sanitise-text.ts';

/** The rules a test run judges. */
export type RuleId =
  | 'user'
  | 'architecture'
  | 'image-size'
  | 'time-limit'
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

/** What each rule is called, and what usually breaks it. */
const RULES: Readonly<Record<RuleId, { title: string; cause: string; fix: string }>> = {
  user: {
    title: 'runs as a user that is not root',
    cause: 'the image names no USER, or root',
    fix: 'build it with the docker-build target, or add e.g. USER 65532:65532 to the Dockerfile',
  },
  architecture: {
    title: 'image for linux/amd64',
    cause: 'it was built on or for another kind of machine',
    fix: 'build it with --platform linux/amd64, as the docker-build target does',
  },
  'image-size': {
    title: 'size of the image',
    cause: 'large weights or unneeded files in resources/',
    fix: 'use smaller weights or remove the files',
  },
  'time-limit': {
    title: 'time limit built into the image',
    cause: 'the image was built for another profile than it is run or saved under',
    fix: 'build it with the same --profile, or with --time-limit',
  },
  exit: {
    title: 'ends with exit code 0',
    cause: 'the program ended with an error',
    fix: 'correct what its last line names; DEBUG=1 in front of the command shows more',
  },
  time: {
    title: 'wall-clock time',
    cause: 'too many windows or models for the CPUs at hand',
    fix: 'use fewer models, less overlap or no test-time flips',
  },
  memory: {
    title: 'memory',
    cause: 'an image, a model or a batch too large for the memory limit',
    fix: 'use fewer windows per batch, a smaller region of interest or a smaller model',
  },
  processes: {
    title: 'processes and threads',
    cause: 'the program starts more of them than it may',
    fix: 'use as many threads as there are CPUs',
  },
  network: {
    title: 'no attempt to use a network',
    cause: 'a download, a look-up of a name or usage data sent by a library',
    fix: 'put everything needed into resources/ and switch such features off',
  },
  writes: {
    title: 'writes only to /tmp and the output folder',
    cause: 'a cache, a log or an output outside /tmp',
    fix: 'redirect it to /tmp',
  },
  'last-line': {
    title: 'last line of stderr helps',
    cause: 'an exception that nobody caught; the platform shows this line and nothing else',
    fix: 'end with one line that says what is wrong',
  },
  'output-files': {
    title: 'exactly the expected output files',
    cause: 'the program writes to another place, or more than it should',
    fix: 'write the expected file and nothing else',
  },
  'output-type': {
    title: 'type of the output',
    cause: 'the program writes another type than the challenge asks for',
    fix: 'convert the value before it is written',
  },
  'output-labels': {
    title: 'labels of the mask',
    cause: 'labels were not mapped to 0 background, 1 GTVp and 2 GTVn',
    fix: 'map the model’s classes to 0, 1 and 2',
  },
  'output-grid': {
    title: 'mask on the grid of the CT',
    cause: 'the mask was not put back from the model’s grid onto the CT’s',
    fix: 'restore it to the size, spacing, origin and direction of the CT',
  },
  'output-plausible': {
    title: 'a plausible result',
    cause: 'weights that do not fit the recipe, or an unusual case',
    fix: 'look at the picture',
  },
  'same-result': {
    title: 'the same result in every run',
    cause: 'random numbers, or a result that depends on the folder layout',
    fix: 'seed the generator; nothing but the input should decide the output',
  },
};

/** What a rule is called. */
export function titleOf(rule: RuleId): string {
  return RULES[rule].title;
}

/** What a rule's row says besides its title. */
interface Observed {
  readonly observed: string;
  readonly limit?: string;
  readonly verdict: Verdict;
  readonly cause?: string | undefined;
  readonly fix?: string | undefined;
  readonly docs?: string | undefined;
}

/** A row about a rule. A broken rule and a warning get the usual cause and fix unless told others. */
export function finding(rule: RuleId, facts: Observed): Finding {
  const { title, cause, fix } = RULES[rule];
  const { observed, limit = '', verdict } = facts;
  const advice =
    verdict === 'broken' || verdict === 'warning'
      ? {
          cause: facts.cause ?? cause,
          fix: facts.fix ?? fix,
          docs: facts.docs ?? errorDocs(RULE_ERRORS[rule] ?? 'CHECK_FAILED'),
        }
      : {};
  return { rule, title, observed: sanitise(observed), limit, verdict, ...advice };
}

/** A row with a fact that no rule limits. */
export function note(title: string, observed: string): Finding {
  const shown = { title: sanitise(title), observed: sanitise(observed) };
  return { rule: 'note', ...shown, limit: '', verdict: 'note' };
}

/** The catalogue's entry for each rule of a test run that can be broken, by the rule's id. */
export const RULE_ERRORS: Readonly<Record<string, ErrorCode>> = {
  user: 'ROOT_USER',
  architecture: 'WRONG_ARCHITECTURE',
  'image-size': 'ARCHIVE_TOO_LARGE',
  'time-limit': 'TIMEOUT',
  exit: 'CHECK_FAILED',
  time: 'TIMEOUT',
  memory: 'OUT_OF_MEMORY',
  processes: 'TOO_MANY_PROCESSES',
  network: 'NETWORK_ATTEMPTED',
  writes: 'READ_ONLY_FILE_SYSTEM',
  'last-line': 'CHECK_FAILED',
  'output-files': 'OUTPUT_FILES_WRONG',
  'output-type': 'OUTPUT_TYPE_INVALID',
  'output-labels': 'OUTPUT_LABELS_INVALID',
  'output-grid': 'OUTPUT_GRID_MISMATCH',
  'output-plausible': 'OUTPUT_IMPLAUSIBLE',
  'same-result': 'RESULT_VARIES',
};
