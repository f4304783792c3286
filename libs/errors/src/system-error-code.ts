import type { ErrorCode } from './catalogue.ts';

/** What the codes of Node's own errors mean to a user. */
const SYSTEM_ERRORS: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'READ_ONLY_FILE_SYSTEM',
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  ENOENT: 'FILE_NOT_FOUND',
  ENOMEM: 'OUT_OF_MEMORY',
  ERR_WORKER_OUT_OF_MEMORY: 'OUT_OF_MEMORY',
  EMFILE: 'TOO_MANY_OPEN_FILES',
  ENFILE: 'TOO_MANY_OPEN_FILES',
  EAGAIN: 'TOO_MANY_PROCESSES',
  ERR_WORKER_INIT_FAILED: 'TOO_MANY_PROCESSES',
  MODULE_NOT_FOUND: 'DEPENDENCY_MISSING',
  ERR_MODULE_NOT_FOUND: 'DEPENDENCY_MISSING',
  ERR_DLOPEN_FAILED: 'SHARED_LIBRARY_MISSING',
  ENETUNREACH: 'NETWORK_ATTEMPTED',
  ENOTFOUND: 'NETWORK_ATTEMPTED',
  EAI_AGAIN: 'NETWORK_ATTEMPTED',
};

/** The catalogue's code for the code of an error of Node.js, e.g. `ENOSPC`; undefined: none fits. */
export function systemErrorCode(code: unknown): ErrorCode | undefined {
  return typeof code === 'string' && Object.hasOwn(SYSTEM_ERRORS, code)
    ? SYSTEM_ERRORS[code]
    : undefined;
}
