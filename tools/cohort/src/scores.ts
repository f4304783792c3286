import { readFileSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import type { Interval, LabelScore } from '@hecktor/metrics';
import { readTable } from './table.ts';

/** A patient's outcome and risk; NaN: no risk was predicted. */
export interface SurvivalScore {
  /** Days to recurrence or to the last visit. */
  readonly time: number;
  readonly event: boolean;
  readonly risk: number;
}

export interface ClassScore {
  readonly truth: boolean;
  /** Undefined: none was predicted. */
  readonly prediction: boolean | undefined;
  /** Probability of the positive class; NaN where none is known. */
  readonly probability: number;
}

/** One of several classes. */
export interface NamedClassScore {
  readonly truth: string;
  /** Undefined: none was predicted. */
  readonly prediction: string | undefined;
}

/** One row of `cases.csv`: all that the scores of a set are computed from. */
export interface CaseScore {
  readonly id: string;
  /** The row's `CenterID`, or what stands before the dash of the id. */
  readonly centre: string;
  /** `failed`: there is no prediction or none that can be compared; `error` says why. */
  readonly status: 'scored' | 'failed';
  /** Code and detail of a failed case. */
  readonly error?: string | undefined;
  /** By name of the label. Absent: not segmented, or left out of the scores. */
  readonly labels?: Readonly<Record<string, LabelScore>> | undefined;
  readonly survival?: SurvivalScore | undefined;
  readonly classification?: ClassScore | undefined;
  readonly namedClass?: NamedClassScore | undefined;
}

/** A score with its percentile interval from a bootstrap over patients. */
export interface Score {
  readonly name: string;
  /** NaN, null in JSON, where it is not defined. */
  readonly value: number;
  readonly interval: Interval;
  readonly isBetter: 'higher' | 'lower';
  /** Scores that the challenge ranks by have the label or the task that they rank; else undefined. */
  readonly ranks?: string | undefined;
}

/** Digits after the point by the name of a score: nobody knows a distance to a micrometre. */
export function digitsOf(name: string): number {
  return name.endsWith('(mm)') ? 1 : 3;
}

/** `summary.json`, NaN as null: the scores of a set, and what is to be known about them. */
export interface Summary {
  readonly task: string;
  /** What was scored, a path. */
  readonly predictions: string;
  /** Where the truth came from, a path. */
  readonly truth: string;
  /** Patients of the set; of these `failed` have no prediction that can be compared. */
  readonly cases: number;
  readonly failed: number;
  /** What the field does not agree on, and what was chosen: `empty GTVp` -> `counts 1`. */
  readonly conventions: Readonly<Record<string, string>>;
  readonly scores: readonly Score[];
  /** The same scores by centre, in order of name; one entry at least. */
  readonly centres: readonly {
    readonly centre: string;
    readonly cases: number;
    readonly scores: readonly Score[];
  }[];
  /** Further facts by name, such as the counts of a confusion matrix. */
  readonly facts: Readonly<Record<string, number | string>>;
  /** What a reader must not overlook, a sentence each. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

const LABEL_COLUMNS = [
  'dsc',
  'hd95',
  'truthVolume',
  'predictedVolume',
  'intersectionVolume',
  'truePositives',
  'falsePositives',
  'falseNegatives',
] as const satisfies readonly (keyof LabelScore)[];

/**
 * The rows as comma-separated text: `id,centre,status,error`, then `<label>.<field>` of
 * {@link LabelScore}, `time,event,risk`, `truth,prediction,probability` and `class,predictedClass`, as far as any row has
 * them. Booleans are 1 and 0; an empty field is NaN or undefined.
 */
export function formatCases(rows: readonly CaseScore[]): string {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.labels ?? {})))];
  const columns: [name: string, of: (row: CaseScore) => string | number | boolean | undefined][] = [
    ['id', ({ id }) => id],
    ['centre', ({ centre }) => centre],
    ['status', ({ status }) => status],
    ['error', ({ error }) => error],
    ...labels.flatMap((label) =>
      LABEL_COLUMNS.map((field): (typeof columns)[number] => [
        `${label}.${field}`,
        (row) => row.labels?.[label]?.[field],
      ]),
    ),
  ];
  if (rows.some(({ survival }) => survival !== undefined)) {
    columns.push(
      ['time', ({ survival }) => survival?.time],
      ['event', ({ survival }) => survival?.event],
      ['risk', ({ survival }) => survival?.risk],
    );
  }
  if (rows.some(({ classification }) => classification !== undefined)) {
    columns.push(
      ['truth', ({ classification }) => classification?.truth],
      ['prediction', ({ classification }) => classification?.prediction],
      ['probability', ({ classification }) => classification?.probability],
    );
  }
  if (rows.some(({ namedClass }) => namedClass !== undefined)) {
    columns.push(
      ['class', ({ namedClass }) => namedClass?.truth],
      ['predictedClass', ({ namedClass }) => namedClass?.prediction],
    );
  }
  const lines = [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, of]) => of(row))),
  ];
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('');
}

function field(value: string | number | boolean | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  const text = String(typeof value === 'boolean' ? Number(value) : value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Reads `cases.csv`.
 *
 * @throws HecktorError COHORT_INVALID for anything else.
 */
export function readCases(file: string): CaseScore[] {
  const { columns, rows } = readTable(file);
  const labels = columns.flatMap((name) => (name.endsWith('.dsc') ? [name.slice(0, -4)] : []));
  const wanted = ['id', 'centre', 'status', ...labels.flatMap(columnsOfLabel)];
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const detail = `no cases.csv of evaluate: the column ${missing.join(' and ')} is missing`;
    throw new HecktorError('COHORT_INVALID', { file, detail });
  }
  return rows.map((row) => {
    const text = (name: string): string => row[name] ?? '';
    const number = (name: string): number => (text(name) === '' ? NaN : Number(text(name)));
    const segmented = labels.filter((label) => text(`${label}.truthVolume`) !== '');
    return {
      id: text('id'),
      centre: text('centre'),
      status: text('status') === 'failed' ? 'failed' : 'scored',
      error: text('error') === '' ? undefined : text('error'),
      labels: segmented.length === 0 ? undefined : labelsOf(segmented, number),
      survival:
        text('time') === ''
          ? undefined
          : { time: number('time'), event: number('event') === 1, risk: number('risk') },
      classification:
        text('truth') === ''
          ? undefined
          : {
              truth: number('truth') === 1,
              prediction: text('prediction') === '' ? undefined : number('prediction') === 1,
              probability: number('probability'),
            },
      namedClass:
        text('class') === ''
          ? undefined
          : { truth: text('class'), prediction: text('predictedClass') || undefined },
    };
  });
}

function columnsOfLabel(label: string): string[] {
  return LABEL_COLUMNS.map((field) => `${label}.${field}`);
}

function labelsOf(
  names: readonly string[],
  number: (column: string) => number,
): Record<string, LabelScore> {
  const score = (label: string): LabelScore => ({
    dsc: number(`${label}.dsc`),
    hd95: number(`${label}.hd95`),
    truthVolume: number(`${label}.truthVolume`),
    predictedVolume: number(`${label}.predictedVolume`),
    intersectionVolume: number(`${label}.intersectionVolume`),
    truePositives: number(`${label}.truePositives`),
    falsePositives: number(`${label}.falsePositives`),
    falseNegatives: number(`${label}.falseNegatives`),
  });
  return Object.fromEntries(names.map((label) => [label, score(label)]));
}

/** Reads `summary.json`; null becomes NaN again. */
export function readSummary(file: string): Summary {
  const numbers = new Set(['value', 'low', 'high']);
  const revive = (key: string, value: unknown): unknown =>
    value === null && numbers.has(key) ? NaN : value;
  try {
    return JSON.parse(readFileSync(file, 'utf8'), revive) as Summary;
  } catch (error) {
    const detail = `no summary.json of evaluate: ${(error as Error).message}`;
    throw new HecktorError('COHORT_INVALID', { file, detail });
  }
}
