import { lastLine } from '../../engine/open-engine.ts';
import { uncaughtError } from '../../symptoms/without-stack.ts';

/** A frame of a stack, a version or a bracket: what is left of an exception nobody caught. */
const LEFTOVER = /^(at |Node\.js v|\}|\^|node:)/;
const ERROR = /^(Uncaught )?\w*(Error|Exception)\b.*: /;
const WIDTH = 200;

/** Why the last line of stderr tells its reader nothing; undefined for one that may. */
export function emptyWords(stderr: string): string | undefined {
  const last = lastLine(stderr);
  if (last === '') return 'stderr is empty';
  return LEFTOVER.test(last) ? `"${last}"` : undefined;
}

/**
 * The line that tells most about a failure: the last, or the error above a stack.
 *
 * @param evidence - The line by which the failure was recognised.
 */
export function tellingLine(stderr: string, evidence?: string): string {
  if (evidence !== undefined) return shorten(evidence);
  if (emptyWords(stderr) === undefined) return shorten(lastLine(stderr));
  const lines = stderr.split('\n').map((line) => line.trimEnd());
  const above = uncaughtError(lines) ?? lines.findLast((line) => ERROR.test(line.trim()));
  return shorten(above?.trim() ?? lastLine(stderr));
}

/** Keeps a line short enough for a table. Cause and fix of our own errors have rows of their own. */
export function shorten(line: string): string {
  const own = /^([A-Z][A-Z_]+ .*?)\. Likely cause: .*Fix: /.exec(line)?.[1];
  if (own !== undefined) return own;
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 3)}...`;
}
