import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readVolume, toNumeric } from '@hecktor/image-io';
import type { Measurement } from '../measure/measure-process.ts';
import { peakMebibytes, quantity, runPairs, stageSeconds } from '../measure/run-pairs.ts';
import type { Python } from '../python.ts';
import { describeMasks } from '../report/describe.ts';
import type { Row, Section } from '../report/report.ts';
import { appProgram, type PartContext } from './part-context.ts';
import { exportOnce } from './weights.ts';

/** Seeded folders of nnU-Net v2: features of the first stage, mm of a voxel of the plan. */
const FOLDERS = {
  // So little work for the network that everything else shows.
  nnunet: [{ name: 'tiny', features: 4, spacing: 2, mirroring: false }],
  'nnunet-full': [{ name: 'default', features: 32, spacing: 3, mirroring: false }],
  'nnunet-mirroring': [{ name: 'default, mirroring', features: 32, spacing: 3, mirroring: true }],
} as const;
type Folder = (typeof FOLDERS)[keyof typeof FOLDERS][number];

/** A folder of nnU-Net through its own predictor and, exported, through the container program. */
export async function measureNnunet(
  context: PartContext,
  part: keyof typeof FOLDERS,
  python: Python,
): Promise<Section> {
  if ('missing' in python) throw new Error(python.missing);
  const rows: Row[] = [];
  const notes: string[] = [
    "Random weights: the label maps are noise, all of which is in nnU-Net's too.",
  ];
  for (const folder of FOLDERS[part]) {
    const measured = await measureFolder(context, folder, python.interpreter);
    rows.push(...measured.rows);
    notes.push(`${folder.name}: ${measured.note}`);
  }
  return { title: "nnU-Net's own predictor", rows, notes };
}

async function measureFolder(
  { work, pairs, python, case: { folder: input, ct, pet } }: PartContext,
  { name, features, spacing, mirroring }: Folder,
  interpreter: string,
): Promise<{ rows: Row[]; note: string }> {
  const maker = 'bench/python/make_nnunet_folder.py';
  const made = exportOnce(join(work, `nnunet-${features}-${spacing}-${mirroring}`), interpreter, {
    maker: [maker],
    make: (target) => [
      join(target, 'trained'),
      ...['--features', String(features), '--spacing', String(spacing)],
      ...(mirroring ? ['--mirroring'] : []),
    ],
    exporter: (target) => ['--nnunet', join(target, 'trained'), '--task', 'task1'],
  });
  const output = join(work, 'output');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const masks = ['images/tumor-lymph-node-segmentation/output.mha', 'python.mha'];
  const files = masks.map((file) => join(output, file));
  const images = ['--ct', ct, '--pet', pet, '--out', files[1]!];
  const rest = ['--folder', join(made, 'trained'), '--threads', String(pairs.threads)];
  const resources = join(made, 'resources');
  const runs = await runPairs(
    {
      ours: appProgram({ input, output, resources }, pairs.threads),
      python: python!('nnunet_predict.py', [...images, ...rest]),
    },
    pairs,
  );
  const stage = (ours: string[], theirs: string[]) => ({
    ours: (run: Measurement) => stageSeconds(run, ...ours),
    python: (run: Measurement) => stageSeconds(run, ...theirs),
  });
  const network = stage(['inference'], ['network']);
  const row = (what: string, unit: Row['unit'], get: typeof network, target?: number) =>
    quantity({ name: `${name}: ${what}`, unit, ...(target && { target }) }, runs, get);
  const both = (get: (run: Measurement) => number) => ({ ours: get, python: get });
  const [ours, theirs] = await Promise.all(
    files.map(async (file) => toNumeric(await readVolume(file))),
  );
  return {
    rows: [
      row(
        'wall time',
        's',
        both((run) => run.wall),
        0.5,
      ),
      row(
        'CPU time',
        's',
        both((run) => run.cpu),
      ),
      row('peak memory', 'MiB', both(peakMebibytes), 0.35),
      row('network', 's', network),
      row('PET onto CT, preprocessing', 's', stage(['preprocessing'], ['align', 'preprocessing'])),
      row('logits to labels', 's', stage(['inverting logits', 'inverting'], ['export'])),
      row(
        'all but the network',
        's',
        {
          ours: (run) => run.wall - network.ours(run),
          python: (run) => run.wall - network.python(run),
        },
        0.1,
      ),
    ],
    note: describeMasks(ours!, theirs!),
  };
}
