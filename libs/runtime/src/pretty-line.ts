const HIDDEN = new Set(['level', 'time', 'msg', 'task']);
const MARKS: Readonly<Record<string, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' };

/** Turns one JSON log line into one line for a person: time, mark, message, fields. */
export function prettyLine(json: string): string {
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
