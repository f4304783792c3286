import type { ErrorCode } from './catalogue.ts';
import { CATALOGUE } from './catalogue.ts';

/** Facts that go with an error; never voxel values and never a patient's data. */
export interface ErrorFacts {
  file?: string;
  /** What exactly was found, in one sentence without a trailing full stop. */
  detail?: string;
  /** The likely cause, when this place knows more than the catalogue does. */
  cause?: string;
  /** The fix, when this place knows more than the catalogue does. */
  fix?: string;
  /** The underlying exception. It is kept for `DEBUG=1` and never printed otherwise. */
  origin?: unknown;
}

/**
 * The one error type a user of the containers or the tools ever sees. Its message is one line that
 * names the file, what is wrong, the likely cause and the fix.
 */
export class HecktorError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly detail: string | undefined;
  readonly likelyCause: string;
  readonly fix: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    const entry = CATALOGUE[code];
    const likelyCause = facts.cause ?? entry.cause;
    const fix = facts.fix ?? entry.fix;
    const what = facts.detail === undefined ? entry.what : `${entry.what}: ${facts.detail}`;
    const where = facts.file === undefined ? '' : ` [${facts.file}]`;
    super(`${code}${where} ${what}. Likely cause: ${likelyCause}. Fix: ${fix}.`, {
      cause: facts.origin,
    });
    this.name = 'HecktorError';
    this.code = code;
    this.file = facts.file;
    this.detail = facts.detail;
    this.likelyCause = likelyCause;
    this.fix = fix;
    this.exitCode = entry.exitCode;
  }
}

/** Tells a {@link HecktorError} from any other thrown value; with `code`, that one alone. */
export function isHecktorError(value: unknown, code?: ErrorCode): value is HecktorError {
  return value instanceof HecktorError && (code === undefined || value.code === code);
}
