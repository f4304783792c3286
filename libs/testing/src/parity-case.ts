import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realDataDir } from './real-data-dir.ts';

const BUNDLED = fileURLToPath(new URL('../../../apps/task1/test/input/images', import.meta.url));

/** The patients on whom the challenge's own code was run for the goldens of Tasks 2 and 3. */
export type ParityPatient = 'bundled' | 'real';

/**
 * Lays out a patient of the goldens as a case: Task 1's bundled phantom, or the real pair STS_002 as
 * NIfTI.
 *
 * @param folder - Made; the case is its `input`, and an empty `output` lies beside.
 * @param record - Text of the clinical record.
 * @returns False without the real images.
 */
export function makeParityCase(folder: string, patient: ParityPatient, record: string): boolean {
  const [input, data] = [join(folder, 'input'), realDataDir()];
  mkdirSync(join(folder, 'output'), { recursive: true });
  if (patient === 'bundled') {
    cpSync(BUNDLED, join(input, 'images'), { recursive: true });
  } else {
    if (data === undefined) return false;
    for (const kind of ['ct', 'pet']) {
      const source = join(data, 'petct/STS_002', `${kind.toUpperCase()}_image.nii.gz`);
      cpSync(source, join(input, 'images', kind, 'image.nii.gz'));
    }
  }
  writeFileSync(join(input, 'ehr.json'), record);
  return true;
}
