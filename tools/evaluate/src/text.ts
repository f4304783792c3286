import { digitsOf, type CaseScore, type Score, type Summary } from '@hecktor/cohort';

/** `0.712 (95 % 0.640 to 0.781)` */
export function describeScore({
  name = '',
  value,
  interval,
}: Pick<Score, 'value' | 'interval'> & { readonly name?: string }): string {
  if (Number.isNaN(value)) return name.startsWith('recall of') ? 'no patient' : 'not defined';
  const digits = digitsOf(name);
  const said = value.toFixed(digits);
  if (interval.resamples === 0) return said;
  return `${said} (95 % ${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)})`;
}

/** Rows of text in columns, the first of which is flush left, the others right. */
export function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))),
    )
    .map((row) => `  ${row.join('  ').trimEnd()}\n`)
    .join('');
}

/** The scores of a set as text for people: scores first, then what to know about them. */
export function describeSummary(
  summary: Summary,
  rows: readonly CaseScore[],
  secondsPerCase: number | undefined,
): string {
  const { task, predictions, truth, cases, failed, scores, facts, conventions, centres } = summary;
  const entries: [string, string][] = [
    ['predictions', predictions],
    ['truth', truth],
    ['cases', `${cases - failed} scored, ${failed} failed`],
    ...scores.map((score): [string, string] => [score.name, describeScore(score)]),
    ...Object.entries(facts).map(([name, value]): [string, string] => [name, String(value)]),
    ...(secondsPerCase === undefined
      ? []
      : [['seconds per case', secondsPerCase.toFixed(1)] as [string, string]]),
    ...Object.entries(conventions),
  ];
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`);
  const remarks = [
    ...summary.warnings.map((text) => `WARNING: ${text}\n`),
    ...rows.flatMap(({ id, error }) => (error === undefined ? [] : [`FAILED: ${id}: ${error}\n`])),
    ...summary.notes.map((text) => `note: ${text}\n`),
  ];
  return `${task}\n${lines.join('')}${describeCentres(centres)}${remarks.join('')}`;
}

function describeCentres(centres: Summary['centres']): string {
  if (centres.length < 2) return '';
  const ranked = (scores: readonly Score[]) => scores.filter(({ ranks }) => ranks !== undefined);
  const head = ['centre', 'cases', ...ranked(centres[0]!.scores).map(({ name }) => name)];
  const rows = centres.map(({ centre, cases, scores }) => [
    centre === '' ? 'unknown' : centre,
    String(cases),
    ...ranked(scores).map(describeScore),
  ]);
  return columnsOf([head, ...rows]);
}
