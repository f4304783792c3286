import pino from 'pino';
import { createLog, type Log } from './log.ts';

/** Takes a progress bar away that another stream has drawn in this line of the terminal. */
const ERASE_LINE = '\r\x1b[K';

interface LoggerOptions {
  base?: Readonly<Record<string, unknown>>;
  debug?: boolean;
  /** Lines for people instead of JSON. Default: whether stdout is a terminal. */
  pretty?: boolean;
  /** Where lines go. Default: stdout, synchronously, so that none is lost when the process ends. */
  stream?: { write(line: string): void };
}

/** The program's log: JSON lines on stdout, or readable lines in a terminal. */
export function createLogger(options: LoggerOptions = {}): Log {
  const pretty = options.pretty ?? process.stdout.isTTY === true;
  const stream = options.stream ?? standardOutput();
  const erase = process.stdout.isTTY === true ? ERASE_LINE : '';
  const logger = pino(
    {
      level: options.debug === true ? 'debug' : 'info',
      base: options.base ?? null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pretty ? { write: (line: string) => stream.write(erase + prettyLine(line)) } : stream,
  );
  return createLog((level, message, fields) => logger[level](fields ?? {}, message));
}

function standardOutput(): { write(line: string): void } {
  const stream = pino.destination({ dest: 1, sync: true });
  // A reader that went away (a closed pipe) must not end a run that is going well.
  stream.on('error', () => undefined);
  return stream;
}

const HIDDEN = new Set(['level', 'time', 'msg', 'task']);
const MARKS: Readonly<Record<string, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' };

/** Turns one JSON log line into one line for a person: time, mark, message, fields. */
function prettyLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const fields = Object.entries(line)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${show(value)}`);
  const time = String(line['time'] ?? '').slice(11, 19);
  const head = `${time} ${MARKS[String(line['level'])] ?? ' '} ${String(line['msg'] ?? '')}`;
  return `${[head, ...fields].join('  ')}\n`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
