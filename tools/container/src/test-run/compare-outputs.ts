import type { LabelMapOutput, TaskOutput } from '@hecktor/case-io';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { IMAGE_EXTENSIONS, readVolume, toNumeric } from '@hecktor/image-io';
import { dice, labelOverlap, type Mask } from '@hecktor/metrics';
import { ownFigures } from './observe/own-figures.ts';
import { type Finding, isOutputSound, note } from './rules/rules.ts';
import type { CaseReport } from './report/report.ts';
import { filesIn } from './folders.ts';

interface ComparisonOptions {
  outputs: readonly TaskOutput[];
  /** Folder with expected outputs; of several cases, a folder of each case's name in it. */
  folder: string | undefined;
  /** What the container said. */
  stdout: string;
  several: boolean;
}

/**
 * Rows that compare a case with what was expected. Outputs that belong to other weights, such as
 * the demonstration's, are not compared, as nothing could be learnt from it.
 */
export async function comparison(
  { findings, output, name }: CaseReport,
  { outputs, folder, stdout, several }: ComparisonOptions,
): Promise<Finding[]> {
  if (folder === undefined || !isOutputSound(findings)) return [];
  const own = join(folder, name);
  const place = several || (await isFolder(own)) ? own : folder;
  const wanted = await expectedWeights(place);
  if (wanted === undefined || wanted.models.join() === ownFigures(stdout).models.join()) {
    return compareOutputs(place, output, outputs);
  }
  const why = `no: ${wanted.name} made it, and this image has other weights`;
  return [note('compared with the expected output', why)];
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** For which weights the outputs of a folder are expected; undefined: for any. */
async function expectedWeights(folder: string) {
  const file = join(folder, 'weights.json');
  if ((await stat(file).catch(() => undefined)) === undefined) return undefined;
  const { name, models } = ((await readExpected(file)) ?? {}) as Record<string, unknown>;
  return Array.isArray(models) ? { name: String(name), models: models.map(String) } : undefined;
}

/**
 * How outputs agree with those in a folder: Dice per label with every mask there, the difference
 * from a number, whether a truth value is the same. Facts, no rule: another model may differ.
 */
export async function compareOutputs(
  expectedFolder: string,
  output: string,
  outputs: readonly TaskOutput[],
): Promise<Finding[]> {
  const files = await filesIn(expectedFolder).catch((): string[] => []);
  const rows: Finding[] = [];
  for (const one of outputs) {
    const written = join(output, one.path);
    if (one.kind === 'label-map') {
      rows.push(...(await compareMasks(expectedFolder, files, written, one.labels)));
    } else if (files.includes(one.path)) {
      const expected = await readExpected(join(expectedFolder, one.path));
      const actual = JSON.parse(await readFile(written, 'utf8')) as unknown;
      rows.push(note(`compared with the expected ${one.path}`, difference(actual, expected)));
    }
  }
  return rows;
}

/** Nobody should believe to have compared with a folder that is not there. */
export async function assertExpectedFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return folder;
  throw new HecktorError('OPTION_INVALID', {
    file: folder,
    detail: `--expected names ${found === undefined ? 'nothing that exists' : 'a file, not a folder'}`,
    cause: 'a mistyped path',
    fix: 'give the folder with the expected outputs',
  });
}

async function readExpected(file: string): Promise<unknown> {
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

async function compareMasks(
  folder: string,
  files: readonly string[],
  file: string,
  labels: LabelMapOutput['labels'],
): Promise<Finding[]> {
  const rows: Finding[] = [];
  const isImage = (name: string) =>
    IMAGE_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension));
  for (const name of files.filter(isImage)) {
    const prediction = await readMask(file);
    const truth = await readMask(join(folder, name));
    const scores = labels.map(({ name: region, value }) => {
      const score = dice(labelOverlap(truth, prediction, value));
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
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (typeof actual !== 'number' || typeof expected !== 'number') {
    return `${a} and ${b}: ${a === b ? 'the same' : 'different'}`;
  }
  const absolute = Math.abs(actual - expected);
  const relative = absolute === 0 ? 0 : absolute / Math.max(Math.abs(expected), Number.MIN_VALUE);
  return `${a} and ${b}: difference ${absolute.toExponential(1)} (relative ${relative.toExponential(1)})`;
}
