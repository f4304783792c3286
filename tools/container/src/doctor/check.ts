import type { ErrorCode } from '@hecktor/errors';

/** blocker: what was asked for cannot work. warning: it works, with a drawback. note: good to know. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'blocker';

/** One row of the doctor's table. */
export interface Check {
  /** `machine`, `engine`, `workspace` or the name of a task. */
  readonly area: string;
  readonly name: string;
  readonly status: CheckStatus;
  readonly found: string;
  /** What to do about it, or what it means; of everything that is not ok. */
  readonly fix?: string;
  /** The error that would come of it. */
  readonly code?: ErrorCode;
}

/** What a person wants to do: with containers, or with the programs on this machine alone. */
export type Purpose = 'container' | 'program';
