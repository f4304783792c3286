import type { ErrorCode } from './catalogue.ts';

/** Where the documentation explains an error, relative to the workspace. The place is stable. */
export function errorDocs(code: ErrorCode): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
