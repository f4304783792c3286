import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RadiomicsEntry } from '@hecktor/features';
import { measureProcess } from '../measure/measure-process.ts';
import { peakMebibytes, quantity, runPairs, stageSeconds } from '../measure/run-pairs.ts';
import { describeFeatures } from '../report/describe.ts';
import type { Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

/** All classes of features, on the images' own voxels and on those of 1 mm that most teams take. */
const SETTINGS: Readonly<Record<string, RadiomicsEntry>> = {
  'ct-native': { image: 'ct', params: { setting: { binWidth: 25 } } },
  'pet-native': { image: 'pet', params: { setting: { binWidth: 0.5 } } },
  'ct-1mm': {
    image: 'ct',
    params: { setting: { binWidth: 25, resampledPixelSpacing: [1, 1, 1] } },
  },
  'pet-1mm': {
    image: 'pet',
    params: { setting: { binWidth: 0.5, resampledPixelSpacing: [1, 1, 1] } },
  },
};

/** PyRadiomics' features of CT and PET in GTVp and GTVn, in one process and one thread of ours. */
export async function measureRadiomics(context: PartContext): Promise<Section> {
  const { work, pairs, python } = context;
  const { ct, pet } = context.case;
  const made = await measureProcess(driver('make-case', ['labels', work]));
  const labels = made.lines.at(-1)!.line['made'] as string;
  const settings = join(work, 'radiomics-settings.json');
  writeFileSync(settings, JSON.stringify(SETTINGS));
  const given = ['--ct', ct, '--pet', pet, '--labels', labels, '--settings', settings];
  const dumps = { ours: join(work, 'radiomics.json'), python: join(work, 'radiomics-python.json') };
  const runs = await runPairs(
    {
      ours: driver('radiomics', [...given, '--dump', dumps.ours]),
      python: python?.('radiomics_features.py', [...given, '--dump', dumps.python]),
    },
    pairs,
  );
  const stages = Object.keys(SETTINGS);
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  return {
    title: 'Radiomics of one case',
    rows: [
      quantity({ name: 'features', unit: 's', target: 0.2 }, runs, {
        ours: (run) => stageSeconds(run, ...stages),
      }),
      ...stages.map((stage) =>
        quantity({ name: `of it ${stage}`, unit: 's' }, runs, {
          ours: (run) => stageSeconds(run, stage),
        }),
      ),
      quantity({ name: 'wall time, reading included', unit: 's', target: 0.2 }, runs, {
        ours: (run) => run.wall,
      }),
      quantity({ name: 'peak memory', unit: 'MiB' }, runs, { ours: peakMebibytes }),
    ],
    notes: python === undefined ? [] : [describeFeatures(read(dumps.ours), read(dumps.python))],
  };
}
