import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { labelCohort, newFolder, survivalCohort } from './fixtures/make-cohort.ts';
import { planLevels } from './plan-cost.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FAKE = fileURLToPath(new URL('./fixtures/fake-program.mjs', import.meta.url));

const DEMO = JSON.parse(readFileSync(join(ROOT, 'apps/task1/resources/pipeline.json'), 'utf8')) as {
  models: { file: string }[];
  inference: object;
};
const RECIPE = {
  ...DEMO,
  models: [1, 2, 3, 4, 5].map((fold) => ({ ...DEMO.models[0], file: `fold_${fold}.onnx` })),
  inference: { ...DEMO.inference, overlap: 0.5, flips: [['x'], ['y']] },
};

function run(task: string, data: string, resources: string) {
  const out = newFolder();
  const script = ['tools/build/run-ts.mjs', 'tools/evaluate/src/main.ts', '--plan-cost'];
  const options = ['--task', task, '--data', data, '--program', FAKE, '--out', out];
  return {
    out,
    ...spawnSync(process.execPath, [...script, ...options, '--resources', resources], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  };
}

describe('--plan-cost', () => {
  it('scores the program with what each level of a plan takes of the recipe', async () => {
    const resources = newFolder();
    writeFileSync(join(resources, 'pipeline.json'), JSON.stringify(RECIPE));
    for (const { file } of RECIPE.models) writeFileSync(join(resources, file), file);
    const data = await labelCohort({
      a: [
        [1, 1, 0, 0],
        [1, 0, 0, 0],
      ],
    });
    const { status, stdout, out } = run('task1', data, resources);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^all: .* s per case\n {2}mean GTVp DSC {2}0\.667/);
    const seen = readFileSync(join(resources, 'seen'), 'utf8').trim().split('\n');
    const shapes = seen.map((line) => {
      expect(line).toMatch(/^all /);
      const { models, inference } = JSON.parse(line.slice(4)) as typeof RECIPE;
      return [models.length, inference.flips.length, inference.overlap];
    });
    expect(shapes).toEqual([
      [5, 2, 0.5],
      [5, 0, 0.5],
      [3, 0, 0.5],
      [1, 0, 0.5],
      [1, 0, 0],
    ]);
    const levels = JSON.parse(readFileSync(join(out, 'plan-cost.json'), 'utf8')) as unknown[];
    expect(levels).toHaveLength(5);
  }, 60_000);

  it('has only the levels that a recipe has', () => {
    const one = { models: [{}], inference: { overlap: 0.25 } };
    expect(planLevels(one).map(([level]) => level)).toEqual(['all', '1 network, no overlap']);
  });

  it('is refused where nothing is segmented', () => {
    const { status, stderr } = run('task2', survivalCohort(1), newFolder());
    expect(status).toBe(2);
    expect(stderr).toContain('OPTION_INVALID');
  });
});
