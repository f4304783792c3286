import { findImage, type Task, type TaskOutput } from '@hecktor/case-io';
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
import { type Finding, finding, type RuleId } from './rules.ts';

const GRID_TOLERANCE_MM = 1e-4;
/** Of a file that holds one value, bytes. */
const MOST_JSON = 1e6;
/** The document allows stdout to be redirected there. */
const LOG = 'log.txt';

/** The rules about what a run of a case that ended well has written. */
export async function judgeOutput(task: Task, input: string, output: string): Promise<Finding[]> {
  const expected = task.output;
  const files = await filesIn(output);
  const surplus = files.filter((file) => file !== expected.path && file !== LOG);
  const found = await lstat(join(output, expected.path)).catch(() => undefined);
  // A link may lead to another file here than there, and a pipe has no end.
  const isThere = found?.isFile() === true;
  const written = finding('output-files', {
    observed:
      found === undefined || isThere
        ? describeFiles(isThere, surplus)
        : `${expected.path} is ${kindOf(found)}, not a file`,
    limit: expected.path,
    verdict: isThere && surplus.length === 0 ? 'kept' : 'broken',
  });
  if (!isThere) return [written, ...outputUnseen(expected, 'there is no output')];
  const file = join(output, expected.path);
  const content =
    expected.kind === 'label-map'
      ? await judgeLabelMap(file, task, expected, input)
      : [await judgeJson(file, expected.kind)];
  return [written, ...content];
}

/** Rows for rules that cannot be judged, and why. */
export function outputUnseen({ kind }: TaskOutput, why: string): Finding[] {
  const rules: RuleId[] =
    kind === 'label-map' ? ['output-type', 'output-grid', 'output-labels'] : ['output-type'];
  return rules.map((rule) => finding(rule, { observed: why, verdict: 'unseen' }));
}

function describeFiles(isThere: boolean, surplus: readonly string[]): string {
  if (surplus.length === 0) return isThere ? 'that and nothing else' : 'nothing was written';
  return `${isThere ? 'also' : 'not written, but'} ${listed(surplus, 5)}`;
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  return found.isDirectory() ? 'a folder' : 'a pipe, a socket or a device';
}

type LabelMap = Extract<TaskOutput, { kind: 'label-map' }>;

async function judgeLabelMap(
  file: string,
  { inputs }: Task,
  expected: LabelMap,
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
    return [finding('output-type', { observed: words(error), limit, verdict: 'broken' })];
  }
  return [
    finding('output-type', { observed: type, limit, verdict: type === limit ? 'kept' : 'broken' }),
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

async function judgeJson(file: string, kind: 'number' | 'boolean'): Promise<Finding> {
  const limit = kind === 'number' ? 'one finite JSON number' : 'JSON true or false';
  const broken = (observed: string) =>
    finding('output-type', { observed, limit, verdict: 'broken' });
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
  const fits = kind === 'number' ? Number.isFinite(value) : typeof value === 'boolean';
  if (!fits) return broken(`${describe(value)}: ${shown}`);
  return finding('output-type', { observed: `${kind} ${String(value)}`, limit, verdict: 'kept' });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;
}

/** More than the largest head-and-neck tumours; such a mask is most likely a fault, ml. */
const LARGE_ML = 500;

/** The rules about a mask's values: the task's labels, and amounts that make sense. */
function judgeLabels(mask: Volume<NumericVoxelArray>, { labels }: LabelMap): Finding[] {
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
