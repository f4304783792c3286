import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVolume, toNumeric, writeVolume } from '@hecktor/image-io';
import { createGrid, createVolume } from '@hecktor/volume';
import { programOf, runProgram } from './run-program.ts';
import { scratchFolder } from './scratch-folder.ts';
import { digestsIn, serveProgram } from './serve-program.ts';

/** What a task's program gave for its patients: status or exit code, outputs, and what it logged. */
export type Answer = readonly [
  status: number | null,
  outputs: Readonly<Record<string, string>>,
  prediction: unknown,
];

/**
 * Runs a task's program on its bundled patient A and on a second one B, of another size and without
 * optional images: each in a process of its own, and by one server in the order A B, a case that cannot
 * be read, one that nobody waits for, B A.
 *
 * @param resources - Default: the app's.
 */
export async function servedAnswers(task: string, resources?: string) {
  const app = fileURLToPath(new URL(`../../../apps/${task}/`, import.meta.url));
  const work = scratchFolder(`${task}-served-`);
  const a = join(app, 'test/input');
  const b = await secondPatient(a, join(work, 'b'));
  const broken = join(work, 'broken');
  cpSync(a, broken, { recursive: true });
  const ct = readdirSync(join(broken, 'images/ct'))[0]!;
  writeFileSync(join(broken, 'images/ct', ct), 'not an image');
  const env = {
    HECKTOR_RESOURCES: resources ?? join(app, 'resources'),
    HECKTOR_MODEL_FOLDER: join(work, 'none'),
    HECKTOR_THREADS: '2',
  };
  const fresh = async (input: string): Promise<Answer> => {
    const output = join(work, 'fresh');
    rmSync(output, { recursive: true, force: true });
    mkdirSync(output);
    const folders = { HECKTOR_INPUT: input, HECKTOR_OUTPUT: output };
    const { code, lines } = await runProgram(task, { env: { ...env, ...folders } });
    return [code, digestsIn(output), predictionIn(lines)];
  };
  const server = await serveProgram(programOf(task), work, env);
  const served = async (input: string): Promise<Answer> => {
    const from = server.lines.length;
    const { status, outputs } = await server.invoke(input);
    return [status, outputs, predictionIn(server.lines.slice(from))];
  };
  try {
    const before = [await served(a), await served(b)];
    const failed = await served(broken);
    await server.invoke(a, 'inputs found').catch(() => undefined);
    const after = [await served(b), await served(a)];
    return {
      fresh: { a: await fresh(a), b: await fresh(b) },
      ...{ before, failed, after, stderr: server.stderr() },
      exitCode: await server.stop(),
    };
  } finally {
    await server.stop();
  }
}

/** The outputs of the networks, where a task logs them. */
function predictionIn(lines: readonly Readonly<Record<string, unknown>>[]): unknown {
  const { folds, logits } = lines.find(({ msg }) => msg === 'prediction') ?? {};
  return { folds, logits };
}

/** Makes another patient of one: two slices fewer, less uptake, another age, no optional images. */
async function secondPatient(from: string, folder: string): Promise<string> {
  for (const [name, scale] of [
    ['ct', 1],
    ['pet', 0.7],
  ] as const) {
    const file = join(from, 'images', name, readdirSync(join(from, 'images', name))[0]!);
    const { data, ...grid } = toNumeric(await readVolume(file));
    const [x, y, z] = grid.size;
    const shorter = createGrid([x, y, z - 2], grid);
    const voxels = data.slice(0, x * y * (z - 2)).map((value) => value * scale);
    mkdirSync(join(folder, 'images', name), { recursive: true });
    await writeVolume(join(folder, 'images', name, 'b.mha'), createVolume(shorter, voxels));
  }
  const record = JSON.parse(readFileSync(join(from, 'ehr.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'ehr.json'), JSON.stringify({ ...record, Age: 48 }));
  return folder;
}
