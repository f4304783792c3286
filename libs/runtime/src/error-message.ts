import { CATALOGUE, HecktorError, isHecktorError, systemErrorCode } from '@hecktor/errors';
import type { ErrorCode } from '@hecktor/errors';

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

/** What V8, Node.js, the C++ library and ONNX Runtime say when memory is refused. */
const OUT_OF_MEMORY =
  /array buffer allocation failed|invalid (typed |array )?(array|buffer) length|bad_?alloc|cannot allocate memory|failed to allocate memory|could not allocate|out of memory|reached heap limit/i;

/** Turns whatever was thrown into the one error type that users see. */
export function toHecktorError(thrown: unknown): HecktorError {
  if (isHecktorError(thrown)) return thrown;
  const isObject = typeof thrown === 'object' && thrown !== null;
  const facts: { code?: unknown; message?: unknown } = isObject
    ? thrown
    : { message: String(thrown) };
  const message = typeof facts.message === 'string' ? facts.message : 'an object was thrown';
  // A worker that cannot start has the reason in its message only.
  const reason = /\b(EMFILE|ENFILE)\b/.exec(message)?.[0] ?? facts.code;
  const known = OUT_OF_MEMORY.test(message) ? 'OUT_OF_MEMORY' : systemErrorCode(reason);
  // Native libraries put file names and stack frames on further lines.
  const detail = message.split('\n', 1)[0]!.trim().slice(0, 300);
  return new HecktorError(known ?? 'INTERNAL', { detail, origin: thrown });
}
