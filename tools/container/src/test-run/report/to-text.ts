import { type Finding, noneBroken, note, type Verdict } from '../rules/rules.ts';
import type { CaseReport, RunReport, TestRunReport } from './report.ts';
import { sanitise } from '../../sanitise-text.ts';
import { showBytes, showMemory } from '../limits.ts';

interface ToTextOptions {
  /** Columns of the terminal. */
  width: number;
  colour: boolean;
}

/** Word and colour of a verdict. */
const SHOWN: Readonly<Record<Verdict, readonly [word: string, colour: number]>> = {
  kept: ['ok', 32],
  broken: ['BROKEN', 31],
  warning: ['warning', 33],
  unseen: ['not seen', 90],
  note: ['', 39],
};

export const wordOf = (verdict: Verdict) => SHOWN[verdict][0];

/** A report as a table for a terminal: rule, observed, limit, verdict; then cause and fix. */
export function toText(report: TestRunReport, options: ToTextOptions): string {
  const { findings, cases } = report;
  const several = cases.length > 1 ? cases : [];
  const ofOne = cases.length > 1 ? [] : cases.flatMap((one) => [...one.findings, ...measured(one)]);
  const rows = [...findings, ...ofOne];
  return [table(rows, options), advice(rows), ...several.map((one) => caseBlock(one, options))]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** One line for the end: how it went. */
export function summary(report: TestRunReport): string {
  const { task, profile, passed, cases } = report;
  const all = [...report.findings, ...cases.flatMap(({ findings }) => findings)];
  const titles = (wanted: Verdict) =>
    all.filter(({ verdict }) => verdict === wanted).map(({ title }) => title);
  if (passed) {
    const which = cases.length > 1 ? ` on ${cases.length} cases` : '';
    const { length } = titles('warning');
    const warned = length > 0 ? `, with ${length} warning${length > 1 ? 's' : ''}` : '';
    return `${task} keeps to the rules of ${profile}${which}${warned}`;
  }
  const failed = cases.filter(({ findings }) => !noneBroken(findings)).length;
  const where = cases.length > 1 && failed > 0 ? ` on ${failed} of ${cases.length} cases` : '';
  return `${task} breaks the rules of ${profile}${where}: ${[...new Set(titles('broken'))].join('; ')}`;
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
    const stages = Object.entries(run.stages).map(([name, time]) => `${name} ${time.toFixed(2)}`);
    return [
      note(title, figures(run)),
      ...(stages.length === 0 || run.writableRoot ? [] : [note(STAGES, stages.join(', '))]),
    ];
  });
}

export const STAGES = '  seconds per stage';

function figures(run: RunReport): string {
  const { seconds, startUp, invokes, cpuSeconds, peakBytes, outputBytes, scratchBytes } = run;
  return [
    `${seconds.toFixed(1)} s`,
    ...(startUp === undefined ? [] : [`first line after ${Math.max(0, startUp).toFixed(2)} s`]),
    ...(invokes ?? []).map((time) => `case ${time.toFixed(2)} s`),
    ...(cpuSeconds === undefined || seconds === 0
      ? []
      : [`CPU ${cpuSeconds.toFixed(1)} s (${(cpuSeconds / seconds).toFixed(1)} CPUs)`]),
    ...(peakBytes === undefined ? [] : [`peak memory ${showMemory(peakBytes)}`]),
    `wrote ${showBytes(outputBytes)}`,
    ...(scratchBytes === undefined ? [] : [`left ${showBytes(scratchBytes)} in /tmp`]),
  ].join(', ');
}

function advice(rows: readonly Finding[]): string[] {
  return rows.flatMap(({ verdict, title, cause, fix, docs }) =>
    cause === undefined || fix === undefined
      ? []
      : [
          `${wordOf(verdict)}: ${title}`,
          `  likely cause: ${cause}`,
          `  fix: ${fix}`,
          ...(docs === undefined ? [] : [`  more: ${docs}`]),
        ],
  );
}

function table(rows: readonly Finding[], { width, colour }: ToTextOptions): string[] {
  const longest = (values: readonly string[], most: number) =>
    Math.min(most, Math.max(...values.map(({ length }) => length)));
  const first = longest(['rule', ...rows.map(({ title }) => title)], 42);
  const third = longest(['limit', ...rows.map(({ limit }) => limit)], 34);
  const widths = [first, Math.max(24, width - first - third - 14), third, 8];
  const line = (cells: readonly string[], verdict?: Verdict) => {
    const columns = cells.map((cell, i) => wrap(cell, widths[i]!));
    const height = Math.max(...columns.map(({ length }) => length));
    return Array.from({ length: height }, (_, i) => {
      const padded = columns.map((column, c) => (column[i] ?? '').padEnd(widths[c]!));
      const shown = padded.join('  ').trimEnd();
      const word = i === 0 && verdict !== undefined ? wordOf(verdict) : '';
      if (!colour || word === '') return shown;
      return `${shown.slice(0, -word.length)}\x1b[${SHOWN[verdict!][1]}m${word}\x1b[0m`;
    });
  };
  const whole = widths.reduce((sum, part) => sum + part + 2, -2);
  return [
    ...line(['rule', 'observed', 'limit', 'verdict']),
    '-'.repeat(Math.min(width, whole)),
    ...rows.flatMap(({ title, observed, limit, verdict }) =>
      line([title, observed, limit, wordOf(verdict)], verdict),
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
