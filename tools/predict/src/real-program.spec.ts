import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { readPredictions } from '@hecktor/cohort';
import { bundleWorker, programOf, stagePrediction, useFolder } from '@hecktor/testing';
import { ROOT, treeOf } from './fixtures/cohort.ts';

const folder = useFolder();
let main = '';
beforeAll(async () => {
  main = fileURLToPath(await bundleWorker(new URL('./main.ts', import.meta.url)));
});

/** A small patient of Task 2 with all images, and the networks for it. */
const { input, resources } = stagePrediction('risk', '{"Age": 63, "Gender": 1, "M-stage": "M0"}');
const image = (kind: string): string => join(input, 'images', kind, 'a.mha');

/** The patient in each layout, and once more without the optional images. */
function makeCohorts() {
  for (const id of ['one', 'two']) cpSync(input, folder.at('cases', id), { recursive: true });
  for (const kind of ['ct-planning', 'rt-dose']) {
    rmSync(folder.at('cases/two/images', kind), { recursive: true });
  }
  const record = JSON.parse(readFileSync(join(input, 'ehr.json'), 'utf8')) as object;
  const columns = ['PatientID', ...Object.keys(record)].join();
  const values = ['one', ...Object.values(record).map((value) => value ?? '')].join();
  mkdirSync(folder.at('training/one'), { recursive: true });
  writeFileSync(folder.at('training/X_Task_2.csv'), `${columns}\n${values}\n`);
  const suffixes = { ct: 'CT', pet: 'PT', 'ct-planning': 'CTPlanning', 'rt-dose': 'RTDOSE' };
  for (const [kind, suffix] of Object.entries(suffixes)) {
    cpSync(image(kind), folder.at(`training/one/one__${suffix}.mha`));
  }
  const header = ['PatientID', ...Object.keys(suffixes), 'ehr'].join();
  const paths = ['one', ...Object.keys(suffixes).map(image), join(input, 'ehr.json')].join();
  writeFileSync(folder.at('paths.csv'), `${header}\n${paths}\n`);
}

function start(data: string, out: string) {
  const options = ['--data', folder.at(data), '--out', folder.at(out), '--resources', resources];
  return spawn(
    process.execPath,
    [main, '--task', 'task2', '--program', programOf('task2'), ...options],
    { cwd: ROOT, stdio: 'ignore' },
  );
}

it('gives the same bytes from every layout, and after it was killed', async () => {
  makeCohorts();
  const undisturbed = start('cases', 'undisturbed');
  const [code] = (await once(undisturbed, 'close')) as [number];
  expect(code).toBe(0);
  const { cases, run } = readPredictions(folder.at('undisturbed'));
  expect(cases.map(({ id, status }) => [id, status])).toEqual([
    ['one', 'done'],
    ['two', 'done'],
  ]);
  expect(cases[0]!.usage.peakMiB).toBeGreaterThan(50);
  expect(run.versions['onnxruntime-node']).toMatch(/^1\./);
  const [answer, other] = cases.map(({ output }) => join(output, 'rfs.json'));
  expect(readFileSync(answer!)).not.toEqual(readFileSync(other!));
  for (const layout of ['training', 'paths.csv']) {
    await once(start(layout, `out-${layout}`), 'close');
    const [one] = readPredictions(folder.at(`out-${layout}`)).cases;
    expect(readFileSync(join(one!.output, 'rfs.json'))).toEqual(readFileSync(answer!));
  }
  for (const moment of ['inputs found', 'model loaded', 'never']) {
    const child = start('cases', 'killed');
    const ended = once(child, 'close');
    if (moment !== 'never') {
      await logHas(folder.at('killed/.work'), moment);
      child.kill('SIGKILL');
    }
    await ended;
  }
  expect(treeOf(folder.at('killed'))).toEqual(treeOf(folder.at('undisturbed')));
}, 300_000);

/** Waits until a program has logged this message. */
async function logHas(work: string, message: string): Promise<void> {
  for (;;) {
    const logs = (existsSync(work) ? readdirSync(work) : []).map((n) =>
      join(work, n, 'case/log.jsonl'),
    );
    const texts = logs.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
    if (texts.some((text) => text.includes(`"msg":"${message}"`))) return;
    await setTimeout(10);
  }
}
