import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom } from '@hecktor/testing';
import { extendDown } from './extend-down.ts';

const SEED = 8;
const SLICES = 1100;
const FORMATS = ['mha', 'nii.gz'];

/** Files of one 512x512x1100 int16 CT, compressed, in two formats; made on first use. */
export async function makeLongCt(root: string): Promise<string[]> {
  const folder = join(root, `long-ct-${SEED}`);
  const files = FORMATS.map((format) => join(folder, `ct.${format}`));
  if (files.some((file) => !existsSync(file))) {
    mkdirSync(folder, { recursive: true });
    const { ct } = createPhantom(SEED, { ct: { matrix: 512, spacing: 0.98, slice: 1.5 } });
    const long = extendDown(ct, SLICES);
    for (const [i, file] of files.entries()) {
      const unfinished = join(folder, `unfinished.${FORMATS[i]}`);
      await writeVolume(unfinished, long, { compress: true });
      renameSync(unfinished, file);
    }
  }
  return files;
}
