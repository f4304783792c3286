import { readFileSync, statSync } from 'node:fs';
import { HecktorError, type ErrorFacts } from '@hecktor/errors';

/** A table: a record per row, by the names of the first line. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Reads a table of comma-separated UTF-8 text. Throws COHORT_INVALID for anything else. */
export function readTable(file: string): Table {
  let bytes: Buffer;
  try {
    // Reading a pipe would wait for a writer forever.
    if (!statSync(file).isFile()) throw invalid(file, 'it is not a file');
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof HecktorError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw invalid(file, `it cannot be read (${code})`, {
      cause: 'a link to nothing or missing permissions',
    });
  }
  return parseCsv(decode(bytes, file), file);
}

function decode(bytes: Buffer, file: string): string {
  try {
    // UTF-16 without its mark passes for UTF-8 that is half zeros.
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read on regardless, letters would turn into others, and categories into unknown ones.
  }
  throw invalid(file, 'it is not UTF-8 text', {
    cause: 'a spreadsheet saved it in the encoding of its system, or as UTF-16',
    fix: 'save it as "CSV UTF-8"',
  });
}

/**
 * Reads comma-separated text with a line of names (RFC 4180: quotes, doubled quotes, line breaks in
 * quotes; a byte order mark and any line ending are fine). Blank lines are left out.
 */
function parseCsv(text: string, file: string): Table {
  const fail = (detail: string) => invalid(file, detail);
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

const MISSING = new Set(['', 'nan', 'na', 'none', 'null']);

/** Whether a field says that nothing is known. */
export function isMissing(field: string | undefined): boolean {
  return field === undefined || MISSING.has(field.toLowerCase());
}

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

function invalid(file: string, detail: string, more: ErrorFacts = {}): HecktorError {
  return new HecktorError('COHORT_INVALID', { file, detail, ...more });
}
