import { type Finding, noneBroken, type Verdict } from '../rules/rules.ts';
import type { CaseReport, RunReport, TestRunReport } from './report.ts';
import { sanitise } from '../../sanitise-text.ts';
import { showBytes, showMemory } from '../limits.ts';

export interface ToTextOptions {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

export const WORDS: Readonly<Record<Verdict, string>> = {
  kept: 'ok',
  broken: 'BROKEN',
  warning: 'warning',
  unseen: 'not seen',
  note: '',
};

const COLOURS: Readonly<Record<Verdict, number>> = {
  kept: 32,
  broken: 31,
  warning: 33,
  unseen: 90,
  note: 39,
};

/** A report as a table for a terminal: rule, observed, limit, verdict; then cause and fix. */
export function toText(report: TestRunReport, options: ToTextOptions): string {
  const [only, ...more] = report.cases;
  const rows =
    only !== undefined && more.length === 0
      ? [...report.findings, ...only.findings, ...measured(only)]
      : report.findings;
  const blocks = [table(rows, options), advice(rows)];
  if (more.length > 0) {
    blocks.push(...report.cases.map((one) => caseBlock(one, options)));
  }
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** One line for the end: how it went. */
export function summary(report: TestRunReport): string {
  const { task, profile, passed, cases } = report;
  const all = [...report.findings, ...cases.flatMap(({ findings }) => findings)];
  const broken = [
    ...new Set(all.filter(({ verdict }) => verdict === 'broken').map((r) => r.title)),
  ];
  const warnings = all.filter(({ verdict }) => verdict === 'warning').length;
  const failed = cases.filter(({ findings }) => !noneBroken(findings)).length;
  const which = cases.length > 1 ? ` on ${cases.length} cases` : '';
  const where = cases.length > 1 && failed > 0 ? ` on ${failed} of ${cases.length} cases` : '';
  return passed
    ? `${task} keeps to the rules of ${profile}${which}` +
        (warnings > 0 ? `, with ${warnings} warning${warnings > 1 ? 's' : ''}` : '')
    : `${task} breaks the rules of ${profile}${where}: ${broken.join('; ')}`;
}

function caseBlock(report: CaseReport, options: ToTextOptions): string[] {
  const { findings, name, runs } = report;
  const doubtful = findings.filter(({ verdict }) => verdict === 'broken' || verdict === 'warning');
  const seconds = runs[0] === undefined ? '' : `, ${runs[0].seconds.toFixed(1)} s`;
  const facts = findings.filter(({ rule }) => rule === 'note' || rule === 'output-plausible');
  const head = `${sanitise(name)}: ${noneBroken(findings) ? 'ok' : 'BROKEN'}${seconds}`;
  if (doubtful.length > 0) return [head, ...table(doubtful, options), ...advice(doubtful)];
  return [head, ...facts.map(({ title, observed }) => `  ${title}: ${observed}`)];
}

/** What was measured, as rows without a limit. */
export function measured({ runs }: CaseReport): Finding[] {
  return runs.flatMap((run) => {
    const title = `run in the ${run.layout} layout${run.writableRoot ? ', writable root' : ''}`;
    const row = (name: string, observed: string): Finding => ({
      ...{ rule: 'note', title: name, observed, limit: '', verdict: 'note' },
    });
    return [
      row(title, figures(run)),
      ...(Object.keys(run.stages).length === 0 || run.writableRoot
        ? []
        : [row('  seconds per stage', stages(run))]),
    ];
  });
}

function figures(run: RunReport): string {
  const { seconds, startUp, cpuSeconds, peakBytes, outputBytes, scratchBytes } = run;
  return [
    `${seconds.toFixed(1)} s`,
    ...(startUp === undefined ? [] : [`first line after ${Math.max(0, startUp).toFixed(2)} s`]),
    ...(cpuSeconds === undefined || seconds === 0
      ? []
      : [`CPU ${cpuSeconds.toFixed(1)} s (${(cpuSeconds / seconds).toFixed(1)} CPUs)`]),
    ...(peakBytes === undefined ? [] : [`peak memory ${showMemory(peakBytes)}`]),
    `wrote ${showBytes(outputBytes)}`,
    ...(scratchBytes === undefined ? [] : [`left ${showBytes(scratchBytes)} in /tmp`]),
  ].join(', ');
}

function stages({ stages: seconds }: RunReport): string {
  return Object.entries(seconds)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(', ');
}

function advice(rows: readonly Finding[]): string[] {
  return rows.flatMap(({ verdict, title, cause, fix, docs }) =>
    cause === undefined || fix === undefined
      ? []
      : [
          `${WORDS[verdict]}: ${title}`,
          `  likely cause: ${cause}`,
          `  fix: ${fix}`,
          ...(docs === undefined ? [] : [`  more: ${docs}`]),
        ],
  );
}

function table(rows: readonly Finding[], { width, colour }: ToTextOptions): string[] {
  const longest = (values: readonly string[], most: number) =>
    Math.min(most, Math.max(...values.map(({ length }) => length)));
  const columns = {
    title: longest(['rule', ...rows.map(({ title }) => title)], 42),
    limit: longest(['limit', ...rows.map(({ limit }) => limit)], 34),
    verdict: 8,
  };
  const observed = Math.max(24, width - columns.title - columns.limit - columns.verdict - 6);
  const line = (cells: readonly [string, string, string, string], verdict?: Verdict) => {
    const wrapped = [
      wrap(cells[0], columns.title),
      wrap(cells[1], observed),
      wrap(cells[2], columns.limit),
      [cells[3]],
    ];
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, i) => {
      const [title = '', seen = '', limit = '', word = ''] = wrapped.map((part) => part[i] ?? '');
      const painted =
        colour && verdict !== undefined && word !== ''
          ? `\x1b[${COLOURS[verdict]}m${word}\x1b[0m`
          : word;
      return [
        title.padEnd(columns.title),
        seen.padEnd(observed),
        limit.padEnd(columns.limit),
        painted,
      ]
        .join('  ')
        .trimEnd();
    });
  };
  return [
    ...line(['rule', 'observed', 'limit', 'verdict']),
    '-'.repeat(Math.min(width, columns.title + observed + columns.limit + columns.verdict + 6)),
    ...rows.flatMap(({ title, observed: seen, limit, verdict }) =>
      line([title, seen, limit, WORDS[verdict]], verdict),
    ),
  ];
}

/** Breaks a text into lines, between words where it can. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 3 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
