import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { readVolume, writeVolume } from '@hecktor/image-io';
import { ballCase, bundleWorker, serveProgram, useFolder } from '@hecktor/testing';

const TASK = fileURLToPath(new URL('../../../apps/task1/task.json', import.meta.url));
const MASK = 'images/tumor-lymph-node-segmentation/output.mha';
const folder = useFolder();

it('answers with the fallback when the compute thread dies or is stuck, and goes on', async () => {
  const { ct } = ballCase();
  for (const name of ['goes', 'dies', 'hangs']) {
    for (const image of ['ct', 'pet']) folder.make(`${name}/images/${image}`);
    await writeVolume(folder.at(name, 'images/ct/a.mha'), ct);
    folder.put(`${name}/images/pet/${name}.mha`, 'not looked into');
  }
  execFileSync('mkfifo', [folder.at('pipe')]);
  const recipe = { onFailure: 'fallback', fallback: { mask: 'empty' } };
  folder.put('resources/pipeline.json', JSON.stringify(recipe));
  const entry = await bundleWorker(new URL('../fixtures/failing-cases.ts', import.meta.url));
  const server = await serveProgram(fileURLToPath(entry), folder.path, {
    ...{ FIXTURE_TASK: TASK, FIXTURE_PIPE: folder.at('pipe') },
    ...{ HECKTOR_RESOURCES: folder.at('resources'), HECKTOR_MODEL_FOLDER: folder.at('none') },
    // The case after one that hangs gets what is left beside the 10 s in which a thread may leave.
    ...{ HECKTOR_TIME_LIMIT_S: '16', HECKTOR_PLAN: 'all' },
  });
  const labels = async (name: string): Promise<number[]> => {
    expect((await server.invoke(folder.at(name))).status).toBe(201);
    const { data } = await readVolume(folder.at('served-output', MASK));
    return [...new Set(data as Uint8Array)];
  };
  try {
    expect(await labels('goes')).toEqual([1]);
    expect(await labels('goes')).toEqual([1, 2]);
    expect(await labels('dies')).toEqual([0]);
    // The first case of another thread.
    expect(await labels('goes')).toEqual([1]);
    expect(await labels('hangs')).toEqual([0]);
    expect(await labels('goes')).toEqual([1]);
    const used = server.lines.filter(({ msg }) => msg === 'fallback used');
    expect(used.map(({ reason }) => reason)).toEqual(['INTERNAL', 'TIMEOUT']);
    const [first, second, ...more] = server.stderr().trimEnd().split('\n');
    expect(first).toMatch(/^FALLBACK_USED .*because of INTERNAL: the compute thread ended/);
    expect(second).toMatch(/^FALLBACK_USED .*because of TIMEOUT/);
    expect(more).toEqual([]);
  } finally {
    await server.stop();
  }
}, 90_000);
