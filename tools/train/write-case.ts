import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { createRandom } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';

/** One image of a case: its socket, its folder below the input folder and its voxels. */
export interface CaseImage {
  readonly slug: string;
  readonly path: string;
  readonly volume: Volume;
}

/** Writes a case in the platform's form: images under UUID names, ehr.json and inputs.json. */
export async function writeCase(
  input: string,
  seed: number,
  images: readonly CaseImage[],
  ehr: unknown,
): Promise<void> {
  rmSync(input, { recursive: true, force: true });
  const listed: object[] = [];
  for (const [i, { slug, path, volume }] of images.entries()) {
    const name = `${uuid(seed + i + 1)}.mha`;
    mkdirSync(join(input, path), { recursive: true });
    await writeVolume(join(input, path, name), volume, { compress: true });
    listed.push({
      file: null,
      image: { name },
      value: null,
      socket: { slug, relative_path: path, kind: 'Image', super_kind: 'Image' },
    });
  }
  writeFileSync(join(input, 'ehr.json'), `${JSON.stringify(ehr, null, 2)}\n`);
  const record = {
    slug: 'electronic-health-record',
    relative_path: 'ehr.json',
    kind: 'Anything',
    super_kind: 'Value',
  };
  listed.push({ file: null, image: null, value: ehr, socket: record });
  writeFileSync(join(input, 'inputs.json'), `${JSON.stringify(listed, null, 2)}\n`);
}

/** A version 4 UUID that is the same for the same seed. */
function uuid(seed: number): string {
  const random = createRandom(seed);
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
