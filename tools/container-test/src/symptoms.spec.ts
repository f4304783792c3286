import { describe, expect, it } from '@jest/globals';
import { openEngine, recogniseSymptom } from '@hecktor/container';
import { provoke, PROVOCATIONS } from '@hecktor/container/testing';
import { engineForTests } from './engine-for-tests.ts';
import { inParallel } from './in-parallel.ts';

const BASE = process.env['NODE_IMAGE'] ?? 'node:26-bookworm-slim';
const engine = await engineForTests();
const withEngine = engine === undefined ? describe.skip : describe;

withEngine('a failure that is provoked in a real container', () => {
  const seenOf = inParallel(PROVOCATIONS, (provocation) => provoke(engine!, BASE, provocation));

  it.each(PROVOCATIONS)('is named $code: $name', async (provocation) => {
    const seen = await seenOf(provocation);
    expect(seen.exitCode).not.toBe(0);
    const symptom = recogniseSymptom(seen);
    expect(symptom?.code).toBe(provocation.code);
    expect(symptom?.fix).toMatch(/\w/);
  });

  it('is named IMAGE_NOT_BUILT when there is no such image', async () => {
    const provocation = { name: '', options: ['--pull', 'never'], command: [] } as const;
    const seen = await provoke(engine!, 'hecktor-none:latest', {
      ...provocation,
      code: 'IMAGE_NOT_BUILT',
    });
    expect(recogniseSymptom(seen)?.code).toBe('IMAGE_NOT_BUILT');
  });

  it('is named ENGINE_NOT_RUNNING when nobody listens', async () => {
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nobody/listens.sock';
    try {
      await expect(openEngine('docker')).rejects.toMatchObject({ code: 'ENGINE_NOT_RUNNING' });
    } finally {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
    }
  });
});
