import { CATALOGUE, HecktorError, type ErrorCode } from '@hecktor/errors';
import { toHecktorError } from './to-hecktor-error.ts';

/** A {@link HecktorError} in a form that a worker thread can post without losing its fields. */
export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly file?: string;
  readonly detail?: string;
  readonly cause: string;
  readonly fix: string;
  readonly stack: string;
}

/** Takes anything thrown apart for posting. */
export function toErrorMessage(thrown: unknown): ErrorMessage {
  const error = toHecktorError(thrown);
  return {
    code: error.code,
    ...(error.file !== undefined && { file: error.file }),
    ...(error.detail !== undefined && { detail: error.detail }),
    cause: error.likelyCause,
    fix: error.fix,
    stack: stackOf(error),
  };
}

/** Puts a posted error together again; its stack is the worker's. */
export function fromErrorMessage(message: ErrorMessage): HecktorError {
  const { code, stack, ...facts } = message;
  const error = new HecktorError(code in CATALOGUE ? code : 'INTERNAL', facts);
  error.stack = stack;
  return error;
}

/** The stack of an error followed by those of its causes. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`;
}
