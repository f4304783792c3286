/** Facts beside a log message; never voxel values and never a patient's data. */
export type LogFields = Readonly<Record<string, unknown>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What code that wants to say something is given. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** A log whose lines all go to one function, e.g. into a message to another thread. */
export function createLog(
  write: (level: LogLevel, message: string, fields?: LogFields) => void,
): Log {
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}
