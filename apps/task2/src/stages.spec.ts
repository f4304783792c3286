import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { expectedPredictions, readGoldenJson, runProgram, stagePrediction } from '@hecktor/testing';

const GOLDEN = fileURLToPath(new URL('../../../libs/pipeline/golden/', import.meta.url));
const [COMPLETE] = expectedPredictions();

interface Golden {
  readonly recipe: { readonly stages: readonly object[]; readonly radiomics: object };
  readonly answers: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
}
const { recipe, answers } = readGoldenJson<Golden>(join(GOLDEN, 'stages/expected.json'));

/** The recipe `icare` as the first of several stages, which the features of a mask follow. */
function staged() {
  const found = stagePrediction('icare', COMPLETE!.ehr);
  const { features, models, head } = JSON.parse(
    readFileSync(join(GOLDEN, 'prediction/icare.json'), 'utf8'),
  ) as Record<string, unknown>;
  cpSync(join(GOLDEN, 'stages'), found.resources, { recursive: true });
  mkdirSync(join(found.resources, 'segmentation'));
  cpSync(join(GOLDEN, 'stages/segmentation.json'), join(found.resources, 'segmentation/seg.json'));
  cpSync(
    join(GOLDEN, 'models/threshold.onnx'),
    join(found.resources, 'segmentation/threshold.onnx'),
  );
  found.recipe({
    ...recipe,
    ...{ features: undefined, models: undefined, head: undefined },
    segmentation: { recipe: 'segmentation/seg.json' },
    stages: [{ name: 'deep', features, models, head }, ...recipe.stages],
  });
  return found;
}

it('fuses a deep network, Cox, a forest and a stack of them as Python does', async () => {
  const { env, output } = staged();
  const { code, lines, lastError } = await runProgram('task2', { env });
  expect(lastError).toBe('');
  expect(code).toBe(0);
  const told = lines.filter(({ msg }) => msg === 'prediction');
  const stages = lines.filter(({ msg }) => msg === 'stage').map(({ stage }) => stage as string);
  expect(stages).toEqual(['deep', 'cox', 'forest', 't', 'stack', 'fused']);
  stages.forEach((name, i) => {
    const expected = answers[name]!;
    if (typeof expected === 'number') {
      const found = told[i]!['value'] as number;
      expect(Math.abs(found - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      return;
    }
    const found = told[i]!['probability'] as Record<string, number>;
    for (const [one, probability] of Object.entries(expected)) {
      expect(found[one]).toBeCloseTo(probability, 6);
    }
  });
  const risk = JSON.parse(readFileSync(join(output, 'rfs.json'), 'utf8')) as number;
  expect(risk).toBe(told.at(-1)!['value']);
  const last = lines.at(-1)! as { seconds: object };
  expect(Object.keys(last.seconds)).toEqual(
    expect.arrayContaining(['segmentation inference', 'stage deep inference', 'features']),
  );
});
