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

function header(volume: Volume): object {
  const { size, spacing, origin } = volume;
  return { size, spacing, origin };
}

const first = Number(values.first);
for (let seed = first; seed < first + Number(values.count); seed++) {
  const folder = join(values.out, String(seed));
  const part = `${folder}.part`;
  mkdirSync(part, { recursive: true });
  const phantom = createPhantom(seed, cohortOptions(seed));
  writeFileSync(join(part, 'ct.raw'), phantom.ct.data);
  writeFileSync(join(part, 'pet.raw'), phantom.pet.data);
  writeFileSync(join(part, 'labels.raw'), phantom.labels.data);
  writeFileSync(
    join(part, 'phantom.json'),
    JSON.stringify({
      seed,
      ct: header(phantom.ct),
      pet: header(phantom.pet),
      ehr: phantom.ehr,
      site: phantom.site,
      nodeCount: phantom.nodeCount,
    }),
  );
  renameSync(part, folder);
  process.stdout.write(`${folder}: ${phantom.site}, ${phantom.nodeCount} nodes\n`);
}
