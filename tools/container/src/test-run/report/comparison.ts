import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareOutputs, readExpected } from '../compare-outputs.ts';
import { ownFigures } from '../observe/own-figures.ts';
import type { ExpectedOutput } from '../outputs.ts';
import { isOutputSound, type Finding } from '../rules/finding.ts';
import { note } from '../rules/rule-table.ts';
import type { CaseReport } from './report.ts';

/** Options of {@link comparison}. */
export interface ComparisonOptions {
  expected: ExpectedOutput;
  /** Folder with expected outputs; of several cases, a folder of each case's name in it. */
  folder: string | undefined;
  /** What the container said. */
  stdout: string;
  several: boolean;
}

/** Says for which weights the outputs of a folder are expected; without it, for any. */
const WEIGHTS = 'weights.json';

/**
 * Rows that compare a case with what was expected. Outputs that belong to other weights, such as
 * the demonstration's, are not compared, as nothing could be learnt from it.
 */
export async function comparison(
  { findings, output, name }: CaseReport,
  { expected, folder, stdout, several }: ComparisonOptions,
): Promise<Finding[]> {
  if (folder === undefined || !isOutputSound(findings)) return [];
  const own = join(folder, name);
  const place = several || (await isFolder(own)) ? own : folder;
  const wanted = await expectedWeights(place);
  const { models } = ownFigures(stdout);
  if (wanted !== undefined && wanted.models.join() !== models.join()) {
    return [
      note(
        'compared with the expected output',
        `no: ${wanted.name} made it, and this image has other weights`,
      ),
    ];
  }
  return compareOutputs(place, output, expected);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** Undefined for a folder that does not say so. */
async function expectedWeights(folder: string) {
  const file = join(folder, WEIGHTS);
  if ((await stat(file).catch(() => undefined)) === undefined) return undefined;
  const { name, models } = ((await readExpected(file)) ?? {}) as Record<string, unknown>;
  return Array.isArray(models) ? { name: String(name), models: models.map(String) } : undefined;
}
