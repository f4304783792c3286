import { HecktorError } from '@hecktor/errors';
import { IMAGE_EXTENSIONS, readVolume, toNumeric } from '@hecktor/image-io';
import { dice, labelOverlap, type Mask } from '@hecktor/metrics';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesIn } from './folders.ts';
import type { ExpectedOutput } from './outputs.ts';
import type { Finding } from './rules/finding.ts';
import { note } from './rules/rule-table.ts';

const NAMES = new Map([
  [1, 'GTVp'],
  [2, 'GTVn'],
]);

/**
 * How an output agrees with those in a folder: Dice per label with every mask there, the difference
 * from a number, whether a truth value is the same. Facts, no rule: another model may differ.
 *
 * @param expectedFolder - Outputs under the names the challenge gives them; masks under any name.
 * @throws HecktorError when an expected mask cannot be read or lies on another grid.
 */
export async function compareOutputs(
  expectedFolder: string,
  output: string,
  { path, kind }: ExpectedOutput,
): Promise<Finding[]> {
  const files = await filesIn(expectedFolder).catch((): string[] => []);
  if (kind === 'label-map') return compareMasks(expectedFolder, files, join(output, path));
  if (!files.includes(path)) return [];
  const expected = await readExpected(join(expectedFolder, path));
  const actual = JSON.parse(await readFile(join(output, path), 'utf8')) as unknown;
  const title = `compared with the expected ${path}`;
  return [note(title, kind === 'number' ? difference(actual, expected) : same(actual, expected))];
}

/**
 * Nobody should believe to have compared with a folder that is not there.
 *
 * @throws HecktorError OPTION_INVALID
 */
export async function assertExpectedFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new HecktorError('OPTION_INVALID', {
    file: folder,
    detail: `--expected names ${found === undefined ? 'nothing that exists' : 'a file, not a folder'}`,
    cause: 'a mistyped path',
    fix: 'give the folder with the expected outputs',
  });
}

/**
 * What a JSON file of an expectation holds.
 *
 * @throws HecktorError OPTION_INVALID naming the file when it is not JSON.
 */
export async function readExpected(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (origin) {
    throw new HecktorError('OPTION_INVALID', {
      ...{ file, detail: `it cannot be compared with: ${(origin as Error).message}`, origin },
      cause: 'another kind of file in the folder of --expected',
      fix: 'correct the file, or give the folder with the outputs of an earlier run',
    });
  }
}

async function compareMasks(folder: string, files: readonly string[], file: string) {
  const rows: Finding[] = [];
  const masks = files.filter((name) =>
    IMAGE_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension)),
  );
  if (masks.length === 0) return rows;
  const prediction = await readMask(file);
  for (const name of masks) {
    const truth = await readMask(join(folder, name));
    const scores = [...NAMES].map(([label, region]) => {
      const score = dice(labelOverlap(truth, prediction, label));
      return `${region} ${Number.isNaN(score) ? 'in neither' : score.toFixed(4)}`;
    });
    rows.push(note(`Dice with the expected ${basename(name)}`, scores.join(', ')));
  }
  return rows;
}

async function readMask(file: string): Promise<Mask> {
  const volume = await readVolume(file);
  return { ...volume, data: Uint8Array.from(toNumeric(volume).data) };
}

function difference(actual: unknown, expected: unknown): string {
  if (typeof actual !== 'number' || typeof expected !== 'number') return same(actual, expected);
  const absolute = Math.abs(actual - expected);
  const relative = absolute === 0 ? 0 : absolute / Math.max(Math.abs(expected), Number.MIN_VALUE);
  return `${actual} and ${expected}: difference ${absolute.toExponential(1)} (relative ${relative.toExponential(1)})`;
}

function same(actual: unknown, expected: unknown): string {
  const shown = `${JSON.stringify(actual)} and ${JSON.stringify(expected)}`;
  return JSON.stringify(actual) === JSON.stringify(expected)
    ? `${shown}: the same`
    : `${shown}: different`;
}
