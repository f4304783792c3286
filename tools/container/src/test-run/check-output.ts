import { CT, findImage } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import { readVolume } from '@hecktor/image-io';
import { assertSameGrid, scalarTypeOf } from '@hecktor/volume';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from './folders.ts';
import type { ExpectedOutput } from './outputs.ts';

/** Options of {@link checkOutput}. */
export interface CheckOutputOptions {
  /** The case that was run. */
  input: string;
  /** What the container wrote. */
  output: string;
  expected: ExpectedOutput;
}

/** What was found, for people: one fact per line. */
export type Findings = readonly string[];

/** Labels of the challenge: background, primary tumour, lymph nodes. */
const LABELS = [0, 1, 2];
const GRID_TOLERANCE_MM = 1e-4;

/**
 * Checks that a container wrote its one output, whole and well-formed, and nothing else.
 *
 * @throws HecktorError CHECK_FAILED naming what is wrong, OUTPUT_GRID_MISMATCH for a mask that is
 * not on the grid of the CT.
 */
export async function checkOutput(options: CheckOutputOptions): Promise<Findings> {
  const { output, expected } = options;
  const files = await filesIn(output);
  const surplus = files.filter((file) => file !== expected.path && file !== 'log.txt');
  if (!files.includes(expected.path)) {
    const found = files.length === 0 ? 'nothing' : files.join(', ');
    fail(`${expected.path} was not written; found ${found}`);
  }
  if (surplus.length > 0) fail(`files nobody asked for: ${surplus.join(', ')}`);
  const file = join(output, expected.path);
  return expected.kind === 'label-map'
    ? checkLabelMap(file, options.input)
    : checkJson(file, expected.kind);
}

async function checkLabelMap(file: string, input: string): Promise<Findings> {
  const mask = await readVolume(file);
  const ct = await readVolume(findImage(input, CT)!);
  assertSameGrid(ct, mask, GRID_TOLERANCE_MM);
  const type = scalarTypeOf(mask.data);
  if (type !== 'uint8') fail(`the mask's voxels are ${type}, expected uint8`);
  const counts = countLabels(mask.data as Uint8Array);
  const unknown = [...counts.keys()].filter((label) => !LABELS.includes(label));
  if (unknown.length > 0) fail(`labels ${unknown.join(', ')} in the mask, expected 0, 1 and 2`);
  return [
    `mask: uint8, ${mask.size.join(' x ')} voxels, on the grid of the CT`,
    `voxels: GTVp ${counts.get(1) ?? 0}, GTVn ${counts.get(2) ?? 0}`,
  ];
}

function countLabels(labels: Uint8Array): Map<number, number> {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]!++;
  return new Map([...counts.entries()].filter(([, count]) => count > 0));
}

async function checkJson(file: string, kind: 'number' | 'boolean'): Promise<Findings> {
  const text = await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(`${file} is not JSON`);
  }
  const fits = kind === 'number' ? Number.isFinite(value) : typeof value === 'boolean';
  if (!fits) fail(`expected ${file} to hold one ${kind}, got ${typeof value}`);
  return [`output: ${kind} ${String(value)}`];
}

function fail(detail: string): never {
  throw new HecktorError('CHECK_FAILED', {
    detail,
    cause: 'the program does not keep to the challenge interface',
    fix: 'see the run’s log above, then build and run again',
  });
}
