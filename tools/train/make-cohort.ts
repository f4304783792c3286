// Writes phantoms as raw arrays with a JSON header each, for tools/train/prepare.py.
//   node dist/tools/train/make-cohort.mjs --first 1000 --count 40 --out <folder>
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPhantom } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';
import { cohortOptions } from './cohort-options.ts';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1000' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'cohort' },
  },
});

const header = ({ size, spacing, origin }: Volume) => ({ size, spacing, origin });
const first = Number(values.first);
for (let seed = first; seed < first + Number(values.count); seed++) {
  const folder = join(values.out, String(seed));
  const part = `${folder}.part`;
  mkdirSync(part, { recursive: true });
  const { ct, pet, labels, ehr, site, nodeCount } = createPhantom(seed, cohortOptions(seed));
  for (const [name, { data }] of Object.entries({ ct, pet, labels })) {
    writeFileSync(join(part, `${name}.raw`), data);
  }
  const facts = { seed, ct: header(ct), pet: header(pet), ehr, site, nodeCount };
  writeFileSync(join(part, 'phantom.json'), JSON.stringify(facts));
  renameSync(part, folder);
  process.stdout.write(`${folder}: ${site}, ${nodeCount} nodes\n`);
}
