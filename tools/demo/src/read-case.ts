import { findInputs, labelMapOf, readLabelMap, type Label, type Task } from '@hecktor/case-io';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { dice, labelOverlap } from '@hecktor/metrics';
import {
  assertSameGrid,
  HEADER_TOLERANCE,
  type NumericVoxelArray,
  type Volume,
} from '@hecktor/volume';

export interface LoadedCase {
  readonly ct: Volume<NumericVoxelArray>;
  readonly pet: Volume<NumericVoxelArray>;
  readonly mask: Volume<Uint8Array>;
  readonly expected?: Volume<Uint8Array>;
  readonly warnings: readonly string[];
}

/**
 * Reads a case folder and its masks.
 */
export async function readCase(
  task: Task,
  paths: { readonly input: string; readonly mask: string; readonly expected?: string | undefined },
): Promise<LoadedCase> {
  const warnings: string[] = [];
  const found = findInputs(paths.input, task.inputs, (warning) => warnings.push(warning));
  const read = async (name: string) => toNumeric(await readVolume(found[name] ?? name));
  const [ct, pet] = [await read('ct'), await read('pet')];
  const readMask = async (path: string): Promise<Volume<Uint8Array>> => {
    const { mask, unknown } = await readLabelMap(path, labelsOf(task), {
      code: 'OUTPUT_LABELS_INVALID',
    });
    assertSameGrid(ct, mask, HEADER_TOLERANCE);
    if (unknown !== undefined) {
      warnings.push(`${path} holds ${unknown}: no labels, drawn as background`);
    }
    return mask;
  };
  const mask = await readMask(paths.mask);
  if (paths.expected === undefined) return { ct, pet, mask, warnings };
  return { ct, pet, mask, expected: await readMask(paths.expected), warnings };
}

function labelsOf(task: Task): readonly Label[] {
  return labelMapOf(task)?.labels ?? [];
}

/** One line per label: Dice coefficient and volumes; none without an expected mask. */
export function scoreLines(task: Task, { mask, expected }: LoadedCase): string[] {
  if (expected === undefined) return [];
  return labelsOf(task).map(({ name, value }) => {
    const overlap = labelOverlap(expected, mask, value);
    const ml = (voxels: number) => ((voxels * overlap.voxelVolume) / 1000).toFixed(1);
    const volumes = `${ml(overlap.prediction)} ml, expected ${ml(overlap.truth)} ml`;
    return `${name} DSC ${dice(overlap).toFixed(3)} (${volumes})`;
  });
}
