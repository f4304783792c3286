import type { ErrorMessage } from './error-message.ts';
import type { LogFields, LogLevel } from './log.ts';

/** What a compute worker tells its supervisor. */
export type WorkerMessage =
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields?: LogFields;
    }
  | { readonly type: 'progress'; readonly stage: string; readonly fraction: number }
  | { readonly type: 'error'; readonly error: ErrorMessage }
  | { readonly type: 'result'; readonly value: unknown };

/** What a supervisor tells its compute worker: to stop at the next report of progress. */
export const STOP = 'stop';
