import { CATALOGUE, type ErrorCode } from '@hecktor/errors';

/** An error that one of our own programs has told in its one line. */
export interface OwnError {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly fix: string;
  readonly line: string;
}

/** Reads the message of a HecktorError back; undefined for any other line. */
export function ownErrorLine(line: string): OwnError | undefined {
  const parts = /^([A-Z][A-Z_]+) .*?\. Likely cause: (.*?)\. Fix: (.*?)\.?$/.exec(line);
  if (parts === null || !Object.hasOwn(CATALOGUE, parts[1]!)) return undefined;
  return { code: parts[1] as ErrorCode, cause: parts[2]!, fix: parts[3]!, line };
}
