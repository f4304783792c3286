// Writes one phantom as a case in the platform's form, with its ground truth.
//   node dist/tools/train/make-case.mjs --seed 5000 --out apps/task1/test
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeVolume } from '@hecktor/image-io';
import { createPhantom, createRandom } from '@hecktor/testing';
import { cohortOptions } from './cohort-options.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '5000' },
    out: { type: 'string', default: 'case' },
  },
});
const seed = Number(values.seed);
const input = join(values.out, 'input');
const expected = join(values.out, 'expected');
const phantom = createPhantom(seed, cohortOptions(seed));

/** A version 4 UUID that is the same for the same seed. */
function uuid(salt: number): string {
  const random = createRandom(seed + salt);
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

rmSync(input, { recursive: true, force: true });
for (const folder of [join(input, 'images', 'ct'), join(input, 'images', 'pet'), expected]) {
  mkdirSync(folder, { recursive: true });
}
await writeVolume(join(input, 'images', 'ct', `${uuid(1)}.mha`), phantom.ct, { compress: true });
await writeVolume(join(input, 'images', 'pet', `${uuid(2)}.mha`), phantom.pet, { compress: true });
await writeVolume(join(expected, 'truth.mha'), phantom.labels, { compress: true });
writeFileSync(join(input, 'ehr.json'), `${JSON.stringify(phantom.ehr, null, 2)}\n`);

const image = (slug: string, path: string, file: string) => ({
  file: null,
  image: { name: file },
  value: null,
  socket: { slug, relative_path: path, kind: 'Image', super_kind: 'Image' },
});
writeFileSync(
  join(input, 'inputs.json'),
  `${JSON.stringify(
    [
      image('ct-image', 'images/ct', `${uuid(1)}.mha`),
      image('pet-image', 'images/pet', `${uuid(2)}.mha`),
      {
        file: null,
        image: null,
        value: phantom.ehr,
        socket: {
          slug: 'electronic-health-record',
          relative_path: 'ehr.json',
          kind: 'Anything',
          super_kind: 'Value',
        },
      },
    ],
    null,
    2,
  )}\n`,
);
process.stdout.write(`${values.out}: ${phantom.site}, ${phantom.nodeCount} nodes\n`);
