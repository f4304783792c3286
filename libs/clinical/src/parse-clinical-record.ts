import { HecktorError } from '@hecktor/errors';
import { MISSING, numberOf, type ClinicalRecord, type ClinicalValue } from './clinical-value.ts';
import { NumberToken, parseTolerantJson } from './parse-tolerant-json.ts';
import { pythonText } from './python-text.ts';
import { KNOWN_FIELDS, PLAUSIBLE } from './record-schema.ts';

/** A clinical record and what a person should know about it; no warning quotes a value. */
export interface ParsedRecord {
  readonly record: ClinicalRecord;
  readonly warnings: readonly string[];
}

/** Unknown fields that are told of one by one. */
const MAX_UNKNOWN = 20;

/** Characters of a field's name in a message. */
const MAX_NAME = 60;

/** Texts that tables write for a value that is not there. */
const MISSING_TEXTS = new Set(['', 'unknown', 'nan', 'none', 'null', 'na', 'n/a']);

/**
 * Every string, with the colon if it is a key. All are matched so that none is looked into: a scan
 * for keys alone would start again at each quote of a long text.
 */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Reads a clinical record. Numbers keep the text that they were written with.
 *
 * @param text - Content of `ehr.json`.
 * @param options.file - Its path, for messages.
 * @throws HecktorError INPUT_JSON_INVALID for what is not JSON or no object of plain values.
 */
export function parseClinicalRecord(text: string, { file }: { file: string }): ParsedRecord {
  const { value, warnings } = parse(text, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isToken(value)) {
    throw invalid(file, 'expected an object of values by name');
  }
  const entries = Object.entries(value);
  const record: Record<string, ClinicalValue> = Object.fromEntries(
    entries.map(([name, entry]) => [name, toValue(entry, name, file)]),
  );
  const keys = Array.from(text.matchAll(STRING)).filter(([, colon]) => colon !== undefined).length;
  const twice = keys > entries.length ? ['a field is there twice; the last one is used'] : [];
  return { record, warnings: [...warnings, ...twice, ...doubts(record)] };
}

function parse(text: string, file: string) {
  try {
    return parseTolerantJson(text, { numbers: 'tokens' });
  } catch (origin) {
    const place = /position \d+(?: \(line \d+ column \d+\))?/.exec((origin as Error).message);
    throw invalid(file, `it is not JSON${place === null ? '' : ` at ${place[0]}`}`, origin);
  }
}

function toValue(value: unknown, name: string, file: string): ClinicalValue {
  if (value === null) return MISSING;
  if (isToken(value)) {
    const number = Number(value.text);
    return { kind: 'number', value: number, text: pythonText(value.text) };
  }
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') {
    return MISSING_TEXTS.has(value.trim().toLowerCase()) ? MISSING : { kind: 'text', text: value };
  }
  throw invalid(
    file,
    `expected "${shortened(name)}" to be a number or a text, got a list or an object`,
  );
}

function doubts(record: ClinicalRecord): string[] {
  const names = Object.keys(record).filter((name) => !(KNOWN_FIELDS as string[]).includes(name));
  const unknown = names
    .slice(0, MAX_UNKNOWN)
    .map((name) => `the field "${shortened(name)}" is not known${suggestion(name)}`);
  if (names.length > MAX_UNKNOWN) {
    unknown.push(`${names.length - MAX_UNKNOWN} more fields are not known`);
  }
  const odd = KNOWN_FIELDS.flatMap((name) => {
    const [value, range] = [record[name], PLAUSIBLE[name]];
    if (value === undefined || range === undefined) return [];
    const number = numberOf(value);
    if (number === undefined || (number >= range[0] && number <= range[1])) return [];
    return [`"${name}" lies outside ${range[0]} to ${range[1]}, which is hardly right; it is used`];
  });
  return [...unknown, ...odd];
}

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name;
}

function suggestion(name: string): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
  const near = KNOWN_FIELDS.find((known) => plain(known) === plain(name));
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}

function isToken(value: unknown): value is NumberToken {
  return value instanceof NumberToken;
}

function invalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('INPUT_JSON_INVALID', {
    file,
    detail,
    ...(origin !== undefined && { origin }),
  });
}
