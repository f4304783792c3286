import { IMAGE_EXTENSIONS, readVolume, toNumeric } from '@hecktor/image-io';
import { dice, labelOverlap, type Mask } from '@hecktor/metrics';
import { join } from 'node:path';
import type { Findings } from './check-output.ts';
import { filesIn } from './folders.ts';

const NAMES = new Map([
  [1, 'GTVp'],
  [2, 'GTVn'],
]);

/**
 * Overlap of a mask with every golden one in a folder (`truth.mha`, or the output's own path below
 * it): one line per file and label. No folder or no image in it: no lines.
 *
 * @throws HecktorError when a golden mask cannot be read or lies on another grid.
 */
export async function compareLabelMaps(folder: string, output: string, path: string) {
  const lines: string[] = [];
  for (const golden of await goldenMasks(folder)) {
    const truth = await readMask(join(folder, golden));
    const prediction = await readMask(join(output, path));
    for (const [label, name] of NAMES) {
      const score = dice(labelOverlap(truth, prediction, label));
      lines.push(`DSC with ${golden}: ${name} ${score.toFixed(4)}`);
    }
  }
  return lines satisfies Findings;
}

async function goldenMasks(folder: string): Promise<string[]> {
  const files = await filesIn(folder).catch(() => []);
  return files.filter((file) => IMAGE_EXTENSIONS.some((extension) => file.endsWith(extension)));
}

async function readMask(file: string): Promise<Mask> {
  const volume = await readVolume(file);
  return { ...volume, data: Uint8Array.from(toNumeric(volume).data) };
}
