import { type ErrorCode, errorDocs } from '@hecktor/errors';
import { wrap } from '../test-run/report/to-text.ts';

/** blocker: what was asked for cannot work. warning: it works, with a drawback. note: good to know. */
type CheckStatus = 'ok' | 'note' | 'warning' | 'blocker';

/** What was found of one thing. */
export interface Row {
  readonly name: string;
  readonly status: CheckStatus;
  readonly found: string;
  /** What to do about it, or what it means; of everything that is not ok. */
  readonly fix?: string;
  /** The error that would come of it. */
  readonly code?: ErrorCode;
}

/** One row of the doctor's table, under `machine`, `engine`, `workspace` or the name of a task. */
export type Check = Row & { readonly area: string };

/** What a person wants to do: with containers, or with the programs on this machine alone. */
export type Purpose = 'container' | 'program';

/** What is wrong with what was found. */
export type Fault = Pick<Row, 'status' | 'fix' | 'code'>;

/** A row that is ok unless a fault is given. */
export function row(name: string, found: string, fault?: Fault | false): Row {
  return { name, status: 'ok', found, ...fault };
}

const GB = 1e9;
const gigabytes = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`;

/** 16 GB is the platform's limit; machines sold as such show a little less. */
export function memoryRow(name: string, bytes: number, advice = ''): Row {
  const few = bytes < 4 * GB;
  const fix = few
    ? 'the demonstration models need about 4 GB; use another machine'
    : 'below the 16 GB of the platform: what runs here runs there, but a large model may be killed here already';
  const status = few ? 'blocker' : 'warning';
  const fault: Fault = { status, code: 'OUT_OF_MEMORY', fix: `${fix}${advice}` };
  return row(name, gigabytes(bytes), bytes < 15 * GB && fault);
}

/** Free space, and how much is needed and wanted in GB; `undefined` is space that cannot be seen. */
export function diskRow(
  name: string,
  free: number | undefined,
  { needed, wanted, fix }: { needed: number; wanted: number; fix: string },
): Row {
  if (free === undefined) return row(name, 'cannot be seen from here', { status: 'note', fix });
  const status = free < needed * GB ? 'blocker' : 'warning';
  const fault: Fault = { status, code: 'DISK_FULL', fix };
  return row(name, `${gigabytes(free)} free`, free < wanted * GB && fault);
}

const MARK = 7;
const LINE = 100;

/** The doctor's table: a row per check, its fix below it, and a verdict as the last line. */
export function renderChecks(checks: readonly Check[]): string {
  const names = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(2 + MARK + 2 + names + 2);
  const lines: string[] = [];
  for (const [index, { area, name, status, found, fix, code }] of checks.entries()) {
    if (area !== checks[index - 1]?.area) lines.push('', area);
    const mark = ['warning', 'blocker'].includes(status) ? status.toUpperCase() : status;
    const head = `  ${mark.padEnd(MARK)}  ${name.padEnd(names)}  `;
    lines.push(...hanging(found, head, indent));
    if (status === 'ok' || fix === undefined) continue;
    const docs = code === undefined ? '' : ` (${errorDocs(code)})`;
    lines.push(...hanging(`${fix}${docs}`, `${indent}-> `, `${indent}   `));
  }
  return [...lines, '', verdict(checks)].join('\n').trimStart();
}

function verdict(checks: readonly Check[]): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const [blockers, warnings] = [count('blocker'), count('warning')];
  const warned = warnings === 0 ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
  if (blockers === 0) return `nothing stands in the way${warned}`;
  return `${blockers} blocker${blockers === 1 ? '' : 's'}${warned}: see the arrows above`;
}

function hanging(text: string, first: string, further: string): string[] {
  return wrap(text, LINE - first.length).map((line, i) => (i === 0 ? first : further) + line);
}
