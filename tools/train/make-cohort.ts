// Writes phantoms as raw arrays with a JSON header each, for tools/train/prepare.py.
//   node dist/tools/train/make-cohort.mjs --first 1000 --count 40 --out <folder>
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPhantom, createRandom, type PhantomOptions } from '@hecktor/testing';
import type { Volume } from '@hecktor/volume';

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1000' },
    count: { type: 'string', default: '1' },
    out: { type: 'string', default: 'cohort' },
  },
});

/** CT matrices are mixed: a full one at half resolution, and a fine one over a narrower field. */
export function cohortOptions(seed: number): PhantomOptions {
  const random = createRandom(seed ^ 0x5eed);
  return random.chance(0.5)
    ? { ct: { matrix: 256, spacing: 1.953125 } }
    : { ct: { matrix: 288, spacing: 0.9765625 } };
}

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
