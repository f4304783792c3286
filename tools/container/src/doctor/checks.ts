import { type ErrorCode, errorDocs } from '@hecktor/errors';
import { wrap } from '../test-run/report/to-text.ts';

/** blocker: what was asked for cannot work. warning: it works, with a drawback. note: good to know. */
type CheckStatus = 'ok' | 'note' | 'warning' | 'blocker';

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

/** What is wrong with what was found. */
export type Fault = Pick<Check, 'status' | 'fix' | 'code'> & { readonly found?: string };

/** A row that is ok unless a fault is given. */
export function row(area: string, name: string, found: string, fault?: Fault | false): Check {
  return { area, name, status: 'ok', found, ...(fault === false ? {} : fault) };
}

const GB = 1e9;
export const gigabytes = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`;

/** 16 GB is the platform's limit; machines sold as such show a little less. */
export function memoryRow(area: string, name: string, bytes: number, advice = ''): Check {
  const few = bytes < 4 * GB;
  const fix = few
    ? 'the demonstration models need about 4 GB; use another machine'
    : 'below the 16 GB of the platform: what runs here runs there, but a large model may be killed here already';
  return row(
    area,
    name,
    gigabytes(bytes),
    bytes < 15 * GB && {
      ...{ status: few ? 'blocker' : 'warning', code: 'OUT_OF_MEMORY', fix: `${fix}${advice}` },
    },
  );
}

/** Free space; `undefined` is space that cannot be seen. */
export function diskRow(
  area: string,
  name: string,
  free: number | undefined,
  { needed, wanted, fix }: { needed: number; wanted: number; fix: string },
): Check {
  if (free === undefined)
    return { area, name, status: 'note', found: 'cannot be seen from here', fix };
  const status = free < needed * GB ? 'blocker' : 'warning';
  return row(
    area,
    name,
    `${gigabytes(free)} free`,
    free < wanted * GB && { status, code: 'DISK_FULL', fix },
  );
}

const MARKS: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  note: 'note',
  warning: 'WARNING',
  blocker: 'BLOCKER',
};

const LINE = 100;

/** The doctor's table: a row per check, its fix below it, and a verdict as the last line. */
export function renderChecks(checks: readonly Check[]): string {
  const marks = Math.max(...Object.values(MARKS).map((mark) => mark.length));
  const names = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(2 + marks + 2 + names + 2);
  const lines: string[] = [];
  for (const [index, check] of checks.entries()) {
    if (check.area !== checks[index - 1]?.area) lines.push('', check.area);
    const head = `  ${MARKS[check.status].padEnd(marks)}  ${check.name.padEnd(names)}  `;
    lines.push(...hanging(check.found, head, indent));
    if (check.status === 'ok' || check.fix === undefined) continue;
    const docs = check.code === undefined ? '' : ` (${errorDocs(check.code)})`;
    lines.push(...hanging(`${check.fix}${docs}`, `${indent}-> `, `${indent}   `));
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
