// node dist/bench/bin/radiomics.mjs --ct <file> --pet <file> --labels <file> --dump <file>
// The radiomics of CT and PET in GTVp and GTVn, in one thread; tells stage times at the end.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { radiomicsNames, targetRadiomics, type RadiomicsEntry } from '@hecktor/features';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { createStageTimer } from '@hecktor/runtime';
import { tell } from './tell.ts';

const { values } = parseArgs({
  options: {
    ct: { type: 'string', default: '' },
    pet: { type: 'string', default: '' },
    labels: { type: 'string', default: '' },
    settings: { type: 'string', default: '' },
    dump: { type: 'string' },
  },
});
tell('imported', { versions: { node: process.version } });
const timer = createStageTimer();
const [ct, pet, marked] = await timer.time('read', () =>
  Promise.all(
    [values.ct, values.pet, values.labels].map(async (f) => toNumeric(await readVolume(f))),
  ),
);
const labels = { ...marked!, data: Uint8Array.from(marked!.data) };
const settings = JSON.parse(readFileSync(values.settings, 'utf8')) as Record<
  string,
  RadiomicsEntry
>;
const found: Record<string, number> = {};
for (const [entry, what] of Object.entries(settings)) {
  const names = radiomicsNames(what.params ?? {}).flatMap((name) =>
    ['GTVp', 'GTVn'].map((target) => `radiomics.${entry}.${target}.${name}`),
  );
  const images = { ct: ct!, pet: pet! };
  const features = await timer.time(entry, () =>
    targetRadiomics({ labels, images, entries: { [entry]: what }, names }),
  );
  Object.assign(found, features);
}
tell('done', { seconds: timer.seconds(), features: Object.keys(found).length });
if (values.dump !== undefined) writeFileSync(values.dump, JSON.stringify(found));
