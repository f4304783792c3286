import {
  expectedValue,
  findImage,
  fitsOutput,
  type LabelMapOutput,
  type Task,
  type TaskOutput,
  type ValueOutput,
} from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import {
  assertSameGrid,
  type Grid,
  type NumericVoxelArray,
  scalarTypeOf,
  type Volume,
} from '@hecktor/volume';
import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listed } from '../../build/check-files.ts';
import { filesIn } from '../folders.ts';
import { showBytes } from '../limits.ts';
import { type Finding, finding, RULES } from './rules.ts';

const GRID_TOLERANCE_MM = 1e-4;
/** Of a file that holds one value, bytes. */
const MOST_JSON = 1e6;
/** The document allows stdout to be redirected there. */
const LOG = 'log.txt';

/** The rules about what a run of a case that ended well has written. */
export async function judgeOutput(task: Task, input: string, output: string): Promise<Finding[]> {
  const { outputs } = task;
  const paths = outputs.map(({ path }) => path);
  const surplus = (await filesIn(output)).filter((file) => !paths.includes(file) && file !== LOG);
  const rows: Finding[] = [];
  const missing: string[] = [];
  const odd: string[] = [];
  for (const expected of outputs) {
    const file = join(output, expected.path);
    const found = await lstat(file).catch(() => undefined);
    // A link may lead to another file here than there, and a pipe has no end.
    if (found?.isFile() !== true) {
      if (found === undefined) missing.push(expected.path);
      else odd.push(`${expected.path} is ${kindOf(found)}, not a file`);
      rows.push(...unseen(expected, titleOf(expected, outputs), 'there is no output'));
      continue;
    }
    const title = titleOf(expected, outputs);
    if (expected.kind === 'label-map') {
      rows.push(...(await judgeLabelMap(file, title, task, expected, input)));
    } else rows.push(await judgeJson(file, title, expected));
  }
  const isWhole = missing.length + odd.length + surplus.length === 0;
  const written = finding('output-files', {
    observed: odd.length > 0 ? odd.join(', ') : describeFiles(paths, missing, surplus),
    limit: paths.join(', '),
    verdict: isWhole ? 'kept' : 'broken',
  });
  return [written, ...rows];
}

/** Rows for rules that cannot be judged, and why. */
export function outputsUnseen(outputs: readonly TaskOutput[], why: string): Finding[] {
  return outputs.flatMap((output) => unseen(output, titleOf(output, outputs), why));
}

function unseen({ kind }: TaskOutput, title: string, observed: string): Finding[] {
  const type = finding('output-type', { title, observed, verdict: 'unseen' });
  if (kind !== 'label-map') return [type];
  const others = ['output-grid', 'output-labels'] as const;
  return [type, ...others.map((rule) => finding(rule, { observed, verdict: 'unseen' }))];
}

/** Of several outputs the row about a type says which one's. */
function titleOf({ name }: TaskOutput, outputs: readonly TaskOutput[]): string {
  return outputs.length === 1 ? RULES['output-type'].title : `type of ${name}`;
}

function describeFiles(
  paths: readonly string[],
  missing: readonly string[],
  surplus: readonly string[],
): string {
  const others = listed(surplus, 5);
  if (missing.length === 0) {
    if (surplus.length > 0) return `also ${others}`;
    return `${paths.length === 1 ? 'that' : 'all of them'} and nothing else`;
  }
  const left = missing.length < paths.length ? ` without ${missing.join(', ')}` : '';
  if (left !== '') return `written${left}${surplus.length > 0 ? `, but also ${others}` : ''}`;
  return surplus.length > 0 ? `not written, but ${others}` : 'nothing was written';
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  return found.isDirectory() ? 'a folder' : 'a pipe, a socket or a device';
}

async function judgeLabelMap(
  file: string,
  title: string,
  { inputs }: Task,
  expected: LabelMapOutput,
  input: string,
): Promise<Finding[]> {
  const limit = 'uint8';
  const socket = inputs.find(({ name }) => name === expected.grid)!;
  let mask: Volume<NumericVoxelArray>;
  let type: string;
  try {
    const read = await readVolume(file);
    type = scalarTypeOf(read.data);
    mask = toNumeric(read);
  } catch (error) {
    return [finding('output-type', { title, observed: words(error), limit, verdict: 'broken' })];
  }
  return [
    finding('output-type', {
      ...{ title, observed: type, limit },
      verdict: type === limit ? 'kept' : 'broken',
    }),
    await judgeGrid(mask, () => findImage(input, socket)!),
    ...judgeLabels(mask, expected),
  ];
}

function words(error: unknown): string {
  return error instanceof HecktorError ? (error.detail ?? error.message) : String(error);
}

async function judgeGrid(mask: Grid, image: () => string): Promise<Finding> {
  const limit = 'identical';
  try {
    assertSameGrid(await readVolume(image()), mask, GRID_TOLERANCE_MM);
    const observed = `${mask.size.join(' x ')} voxels, on the grid of the CT`;
    return finding('output-grid', { observed, limit, verdict: 'kept' });
  } catch (error) {
    return finding('output-grid', { observed: words(error), limit, verdict: 'broken' });
  }
}

async function judgeJson(file: string, title: string, expected: ValueOutput): Promise<Finding> {
  const limit = expectedValue(expected);
  const broken = (observed: string) =>
    finding('output-type', { title, observed, limit, verdict: 'broken' });
  const { size } = await lstat(file);
  if (size > MOST_JSON) return broken(`${showBytes(size)}, far more than one value`);
  const content = await readFile(file, 'utf8');
  if (content.startsWith('\ufeff')) return broken('a byte order mark, which JSON must not have');
  const text = content.trim();
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (text === '') return broken('the file is empty');
    const isNumber = /^[-+]?(nan|inf(inity)?)$/i.test(text);
    return broken(`not JSON: ${shown}${isNumber ? '; the platform makes null of it' : ''}`);
  }
  if (!fitsOutput(expected, value)) return broken(`${describe(value)}: ${shown}`);
  const observed = `${expected.kind} ${String(value)}`;
  return finding('output-type', { title, observed, limit, verdict: 'kept' });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;
}

/** More than the largest head-and-neck tumours; such a mask is most likely a fault, ml. */
const LARGE_ML = 500;

/** The rules about a mask's values: the task's labels, and amounts that make sense. */
function judgeLabels(mask: Volume<NumericVoxelArray>, { labels }: LabelMapOutput): Finding[] {
  const allowed = [0, ...labels.map(({ value }) => value)];
  const counts = new Map<number, number>();
  for (const value of mask.data) counts.set(value, (counts.get(value) ?? 0) + 1);
  const unknown = [...counts.keys()].filter((label) => !allowed.includes(label));
  const voxelMl = mask.spacing.reduce((volume, side) => volume * side, 1) / 1000;
  const volumes = labels.map(({ name, value }) => {
    const voxels = counts.get(value) ?? 0;
    return { name, voxels, ml: voxels * voxelMl };
  });
  const isLarge = volumes.some(({ ml }) => ml > LARGE_ML);
  const isEmpty = volumes.every(({ voxels }) => voxels === 0);
  const amounts = volumes
    .map(({ name, ml, voxels }) => `${name} ${ml.toFixed(1)} ml (${voxels} voxels)`)
    .join(', ');
  return [
    finding('output-labels', {
      observed: show([...counts.keys()]),
      limit: allowed.join(', '),
      verdict: unknown.length === 0 ? 'kept' : 'broken',
    }),
    finding('output-plausible', {
      observed: isEmpty ? 'the mask is empty' : amounts,
      limit: `some tumour, below ${LARGE_ML} ml`,
      verdict: isEmpty || isLarge ? 'warning' : 'kept',
    }),
  ];
}

function show(labels: readonly number[]): string {
  const sorted = [...labels].sort((a, b) => a - b);
  const shown = sorted.slice(0, 6).map((label) => String(Number(label.toPrecision(4))));
  return shown.join(', ') + (sorted.length > 6 ? ` and ${sorted.length - 6} more` : '');
}
