import { HecktorError, suggestion } from '@hecktor/errors';
import { MISSING, numberIn, numberOf, pythonText } from './clinical-value.ts';
import type { ClinicalRecord, ClinicalValue } from './clinical-value.ts';
import { describeJsonFault, NumberToken, parseTolerantJson } from './parse-tolerant-json.ts';
import { KNOWN_FIELDS, PLAUSIBLE } from './record-schema.ts';

/** A clinical record and what a person should know about it; no warning quotes a value. */
export interface ParsedRecord {
  readonly record: ClinicalRecord;
  readonly warnings: readonly string[];
}

/** Warnings of one kind that are given field by field. */
const MAX_FIELDS = 20;

/** Characters of a field's name in a message. */
const MAX_NAME = 60;

/** Texts that tables write for a value that is not there. */
const MISSING_TEXTS = new Set(['', 'unknown', 'none', 'null', 'na', 'n/a']);

/** What a computation leaves that went wrong, or a table for a value that is not there. */
const NOT_A_NUMBER = 'nan';

/**
 * Every string, with the colon if it is a key. All are matched so that none is looked into: a scan
 * for keys alone would start again at each quote of a long text.
 */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * Reads a clinical record. Numbers keep the text that they were written with. A value that cannot be
 * used (a list, an object, NaN, a number that float32 cannot hold) is a missing one, with a warning.
 *
 * @param text - Content of `ehr.json`.
 * @param options.file - Its path, for messages.
 * @throws HecktorError INPUT_JSON_INVALID for what is not a JSON object.
 */
export function parseClinicalRecord(text: string, { file }: { file: string }): ParsedRecord {
  const { value, warnings, keys } = parse(text, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isToken(value)) {
    const detail = 'expected an object of values by name';
    throw new HecktorError('INPUT_JSON_INVALID', { file, detail });
  }
  const entries = Object.entries(value).map(([name, entry]) => {
    const fault = faultOf(entry);
    return { name, fault, value: fault === undefined ? toValue(entry) : MISSING };
  });
  const record = Object.fromEntries(entries.map((entry) => [entry.name, entry.value]));
  const unusable = entries
    .filter(({ fault }) => fault !== undefined)
    .map(({ name, fault }) => `"${shortened(name)}" is ${fault} and is taken as missing`);
  const found = Array.from(text.matchAll(STRING)).filter(([, colon]) => colon !== undefined);
  const twice = found.length > keys ? ['a field is there twice; the last one is used'] : [];
  return {
    record,
    warnings: [
      ...warnings,
      ...twice,
      ...few(unusable, 'fields hold no usable value'),
      ...few(unknownFields(record), 'fields are not known'),
      ...implausibleValues(record),
    ],
  };
}

function parse(text: string, file: string) {
  try {
    const parsed = parseTolerantJson(text, { numbers: 'tokens' });
    return { ...parsed, keys: countKeys(parsed.value) };
  } catch (origin) {
    const isTooDeep = origin instanceof RangeError; // the stack overflows
    const detail = isTooDeep ? 'it is nested too deeply' : describeJsonFault(origin);
    throw new HecktorError('INPUT_JSON_INVALID', { file, detail, origin });
  }
}

/** Keys of an object and of those within it. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null || isToken(value)) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, each) => sum + countKeys(each), own);
}

/** Why a value cannot be used; undefined when it can. */
function faultOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'a list';
  if (isToken(value) || typeof value === 'string') {
    if (!isToken(value) && normalised(value) === NOT_A_NUMBER) return 'not a number';
    const number = numberIn(isToken(value) ? value.text : value);
    const fits = number === undefined || Number.isFinite(Math.fround(number));
    return fits ? undefined : 'too large for a network';
  }
  return typeof value === 'object' && value !== null ? 'an object' : undefined;
}

function toValue(value: unknown): ClinicalValue {
  if (isToken(value)) {
    return { kind: 'number', value: Number(value.text), text: pythonText(value.text) };
  }
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value !== 'string' || MISSING_TEXTS.has(normalised(value))) return MISSING;
  return { kind: 'text', text: value };
}

function normalised(text: string): string {
  return text.trim().toLowerCase();
}

function unknownFields(record: ClinicalRecord): string[] {
  return Object.keys(record)
    .filter((name) => !(KNOWN_FIELDS as string[]).includes(name))
    .map((name) => `the field "${shortened(name)}" is not known${suggestion(name, KNOWN_FIELDS)}`);
}

function implausibleValues(record: ClinicalRecord): string[] {
  return KNOWN_FIELDS.flatMap((name) => {
    const [value, range] = [record[name], PLAUSIBLE[name]];
    if (value === undefined || range === undefined) return [];
    const number = numberOf(value);
    if (number === undefined || (number >= range[0] && number <= range[1])) return [];
    return [`"${name}" lies outside ${range[0]} to ${range[1]}, which is hardly right`];
  });
}

function few(warnings: readonly string[], more: string): string[] {
  if (warnings.length <= MAX_FIELDS) return [...warnings];
  return [...warnings.slice(0, MAX_FIELDS), `${warnings.length - MAX_FIELDS} more ${more}`];
}

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name;
}

function isToken(value: unknown): value is NumberToken {
  return value instanceof NumberToken;
}
