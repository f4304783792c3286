import { HecktorError } from '@hecktor/errors';

/** A table: a record per row, by the names of the first line. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Reads comma-separated text with a line of names (RFC 4180: quotes, doubled quotes, line breaks in
 * quotes; a byte order mark and any line ending are fine). Blank lines are left out.
 *
 * @throws HecktorError COHORT_INVALID for a row of another length, a name given twice or an open
 * quote.
 */
export function parseCsv(text: string, file: string): Table {
  const fail = (detail: string) => new HecktorError('COHORT_INVALID', { file, detail });
  const lines = splitFields(text.replace(/^\uFEFF/, ''));
  if (lines === undefined) {
    throw fail('a quote is never closed, or stands inside a field that has none around it');
  }
  const [columns = [], ...rest] = lines.filter((line) => line.some((field) => field !== ''));
  const twice = firstTwice(columns);
  if (twice !== undefined) throw fail(`the column '${twice}' is there twice`);
  const rows = rest.map((fields, i) => {
    if (fields.length !== columns.length) {
      throw fail(`row ${i + 1} has ${fields.length} fields, expected ${columns.length}`);
    }
    return Object.fromEntries(columns.map((name, at) => [name, fields[at] ?? '']));
  });
  return { columns, rows };
}

/** The first name that is there a second time. */
export function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** Fields by line, trimmed; undefined when a quote stays open. */
function splitFields(text: string): string[][] | undefined {
  const lines: string[][] = [];
  let line: string[] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|\r|$)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) return undefined;
    const raw = match[1] ?? '';
    line.push((raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw).trim());
    if (match[2] === ',') {
      if (field.lastIndex === text.length) line.push('');
      continue;
    }
    lines.push(line);
    line = [];
  }
  if (line.length > 0) lines.push(line);
  return lines;
}
