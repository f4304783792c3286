import { statSync, type Stats } from 'node:fs';
import { HecktorError, type ErrorCode, type ErrorFacts } from '@hecktor/errors';

const CLOSED = {
  cause:
    'missing permissions on it or on a folder above it, for the user that this program runs as',
  fix: 'make the case readable for everyone, for example with `chmod -R a+rX`',
};

const FACTS: Readonly<Record<string, Pick<ErrorFacts, 'cause' | 'fix'>>> = {
  EACCES: CLOSED,
  EPERM: CLOSED,
  ELOOP: { cause: 'a link that leads to itself' },
  ENAMETOOLONG: { cause: 'a path that is longer than the system takes' },
};

/** What is at a path, links followed; undefined: nothing. Throws as {@link unreadable} has it. */
export function look(path: string, code: ErrorCode): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, code, error);
  }
}

/** Says why the system does not let us read a file or folder that is there. */
export function unreadable(path: string, code: ErrorCode, origin: unknown): HecktorError {
  const { code: reason = 'unknown' } = origin as NodeJS.ErrnoException;
  return new HecktorError(code, {
    file: path.slice(0, 300),
    detail: `it cannot be opened (${reason})`,
    ...(FACTS[reason] ?? { cause: 'a failing disk or file system' }),
    origin,
  });
}
