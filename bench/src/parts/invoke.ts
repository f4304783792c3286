import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { ballCase, serveProgram } from '@hecktor/testing';
import type { Task } from '../options.ts';
import { compare, type Row, type Section } from '../report/report.ts';
import { APP, type PartContext } from './part-context.ts';

const CASES = 500;
/** Until then V8's heap settles. */
const WARM_UP = 100;
const STEPS = [1, 20, WARM_UP, 200, 300, 400, CASES];

/** Two small patients in turn, 500 cases in one process: memory must not grow, nor time. */
export async function measureInvoke(context: PartContext, task: Task): Promise<Section> {
  const work = join(context.work, 'invoke');
  const [resources, cases] = await prepare(task, work);
  const server = await serveProgram(join(APP, 'main.mjs'), work, {
    HECKTOR_RESOURCES: resources,
    HECKTOR_MODEL_FOLDER: join(work, 'none'),
    HECKTOR_THREADS: String(context.pairs.threads),
  });
  const rows: Row[] = [];
  const memory: number[] = [];
  let seconds: number[] = [];
  try {
    for (let count = 1; count <= CASES; count++) {
      const start = performance.now();
      const { status } = await server.invoke(cases[count % cases.length]!);
      if (status !== 201) throw new Error(server.stderr());
      seconds.push((performance.now() - start) / 1000);
      memory.push(server.resident() / 2 ** 20);
      if (!STEPS.includes(count)) continue;
      context.pairs.onRun?.(`${count} of ${CASES}`);
      rows.push(
        { name: `memory after case ${count}`, unit: 'MiB', result: compare([memory.at(-1)!]) },
        { name: `a case, up to case ${count}`, unit: 's', result: compare(seconds) },
      );
      seconds = [];
    }
  } finally {
    await server.stop();
  }
  const slope = growth(memory.slice(WARM_UP));
  return {
    title: `${CASES} cases in one process`,
    rows,
    notes: [
      `From case ${WARM_UP} on memory grows by ${(1024 * slope).toFixed(1)} KiB a case (least squares).`,
    ],
  };
}

/** The task's own patient, or for Task 1, whose own takes long, a smaller one; and one like it. */
async function prepare(task: Task, work: string): Promise<[resources: string, cases: string[]]> {
  if (task !== 'task1') {
    return [join('apps', task, 'resources'), [join('apps', task, 'test/input')]];
  }
  const resources = join(work, 'resources');
  mkdirSync(resources, { recursive: true });
  copyFileSync('libs/pipeline/golden/models/threshold.onnx', join(resources, 'model.onnx'));
  const recipe = readFileSync('libs/recipe/recipes/corrected.json', 'utf8')
    .replaceAll('[200, 200, 310]', '[32, 32, 32]')
    .replaceAll('[128, 128, 128]', '[32, 32, 32]');
  writeFileSync(join(resources, 'pipeline.json'), recipe);
  const cases = [8, 12].map((radius) => ({ radius, folder: join(work, `case-${radius}`) }));
  for (const { radius, folder } of cases) {
    const { ct, pet } = ballCase({ radius });
    for (const [name, volume] of Object.entries({ ct, pet })) {
      mkdirSync(join(folder, 'images', name), { recursive: true });
      await writeVolume(join(folder, 'images', name, 'a.mha'), volume);
    }
  }
  return [resources, cases.map(({ folder }) => folder)];
}

/** Slope of a straight line through values at 0, 1, 2 ... */
function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return products / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}
