import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appAt } from '@hecktor/container';
import { appFacts } from '@hecktor/container/testing';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterAll(() => rmSync(base, { recursive: true }));

describe('appFacts', () => {
  it('finds the demonstration of task 1 fit to run', async () => {
    expect(await appFacts(appAt(ROOT, 'task1'))).toMatchObject({
      ...{ name: 'task1', recipe: 'demo', fault: undefined },
      models: [{ file: 'model.onnx', bytes: expect.any(Number) }],
    });
  });

  it('names a model that is missing', async () => {
    const resources = join(base, 'tasks/apps/task1/resources');
    mkdirSync(resources, { recursive: true });
    cpSync(join(ROOT, 'apps/task1/resources/pipeline.json'), join(resources, 'pipeline.json'));
    cpSync(join(ROOT, 'apps/task1/task.json'), join(base, 'tasks/apps/task1/task.json'));
    const facts = await appFacts(appAt(join(base, 'tasks'), 'task1'));
    expect(facts.fault?.code).toBe('MODEL_FILE_NOT_FOUND');
  });

  it('names a recipe that is missing', async () => {
    mkdirSync(join(base, 'apps/none'), { recursive: true });
    cpSync(join(ROOT, 'apps/task1/task.json'), join(base, 'apps/none/task.json'));
    const { fault, recipe } = await appFacts(appAt(base, 'none'));
    expect([fault?.code, recipe]).toEqual(['RECIPE_MISSING', undefined]);
  });

  it('names a task.json that is missing', async () => {
    const { fault } = await appFacts(appAt(base, 'nothing'));
    expect(fault?.code).toBe('TASK_INVALID');
  });
});
