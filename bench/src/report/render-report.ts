import type { Spread, Report, Row, Section, Unit } from './report.ts';

const HEAD = [
  'quantity',
  'ours',
  '(min)',
  'Python',
  '(min)',
  'ours / Python',
  '(min .. max)',
  'of minima',
  'target',
];

/** Renders a report as Markdown that reads well in a terminal too. */
export function renderReport(report: Report): string {
  const { task, machine, threads, runs, load, versions, pythonMissing } = report;
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const intro = [
    `# Task ${task.slice(-1)}: ours against Python`,
    '',
    `${machine}; ${threads} threads on either side; ${runs} interleaved pair${runs === 1 ? '' : 's'}; load average at the start ${load.toFixed(1)}.`,
    `${known.join(', ')}.`,
    'Medians over the runs; ratios are taken pair by pair, below 1 is better.',
    ...(pythonMissing === undefined ? [] : ['', `**Ours alone:** ${pythonMissing}`]),
  ];
  return `${[...intro, ...report.sections.flatMap(renderSection)].join('\n')}\n`;
}

function renderSection({ title, rows, notes }: Section): string[] {
  const table = rows.length === 0 ? [] : ['', renderTable(HEAD, rows.map(renderRow))];
  const list = notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)];
  return ['', `## ${title}`, ...table, ...list];
}

function renderRow({ name, unit, result, target }: Row): string[] {
  const { ours, python, ratio, ratioOfMinima } = result;
  const both = (side?: Spread) =>
    side === undefined ? ['', ''] : [number(side.median, unit), number(side.min, unit)];
  return [
    `${name}, ${unit}`,
    ...both(ours),
    ...both(python),
    ratio?.median.toFixed(3) ?? '',
    ratio === undefined ? '' : `${ratio.min.toFixed(3)} .. ${ratio.max.toFixed(3)}`,
    ratioOfMinima?.toFixed(3) ?? '',
    target === undefined ? '' : `<= ${Number(target.toFixed(2))}`,
  ];
}

function number(value: number, unit: Unit): string {
  return unit === 'MiB' ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1);
}

/** Renders rows as a Markdown table whose columns line up; the first column to the left. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((w, i) => (i === 0 ? cells[i]!.padEnd(w) : cells[i]!.padStart(w)));
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((w, i) => (i === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
