import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parseRecipe } from './parse-recipe.ts';
import { SEGMENTATION } from './segmentation-format.ts';

const ready = new URL('../recipes/corrected.json', import.meta.url);
const recipe = JSON.parse(readFileSync(ready, 'utf8')) as { inference: object };
const parse = (settings: object) =>
  parseRecipe(
    JSON.stringify({ ...recipe, inference: { ...recipe.inference, ...settings } }),
    SEGMENTATION,
  );

it('has ONNX Runtime in float32 unless it says otherwise', () => {
  expect(parse({}).inference).toMatchObject({ engine: 'onnxruntime', precision: 'float32' });
});

it('takes bfloat16 with OpenVINO', () => {
  const settings = { engine: 'openvino', precision: 'auto', bfloat16Agreement: 0.9995 };
  expect(parse(settings).inference).toMatchObject(settings);
});

it.each(['bfloat16', 'auto'])('refuses %s in an engine that has none', (precision) => {
  expect(() => parse({ precision })).toThrow(
    `inference.precision is "${precision}", which needs the engine "openvino"`,
  );
});
