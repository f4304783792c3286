/** Facts beside a log message; never voxel values and never a patient's data. */
export type LogFields = Readonly<Record<string, unknown>>;

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** What code that wants to say something is given. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** A log whose lines all go to one function, e.g. into a message to another thread. */
export function createLog(
  write: (level: LogLevel, message: string, fields?: LogFields) => void,
): Log {
  const line =
    (level: LogLevel): Log[LogLevel] =>
    (message, fields) =>
      write(level, message, fields);
  return Object.fromEntries(LEVELS.map((level) => [level, line(level)])) as Log;
}
