import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { checkModelHeader, modelMemory, openModel } from './index.ts';

// golden/tabular: tools/reference/tabular/make_tabular.py, with the libraries' own exporters.
interface Golden {
  vectors: (number | null)[][][];
  cases: { name: string; file: string; vectors: number; predictions: number[][] }[];
}

const GOLDEN = fileURLToPath(new URL('../golden/tabular', import.meta.url));
const { vectors, cases } = readGoldenJson<Golden>(join(GOLDEN, 'tabular.json'));

describe.each(cases)('the tabular model $name', (golden) => {
  const path = join(GOLDEN, golden.file);
  const rows = vectors[golden.vectors]!;
  const [{ length: width }] = rows as [number[]];
  const [{ length: numbers }] = golden.predictions as [number[]];
  const expectInput = { name: 'features', dims: [1, width] };
  const expectOutput = { name: numbers > 1 ? 'probabilities' : 'value', dims: [1, numbers] };

  it('fits a recipe by its header and takes no memory to speak of', async () => {
    await checkModelHeader(path, { inputs: [expectInput], outputs: [expectOutput] });
    expect(modelMemory(path).activations).toBeLessThan(1e6);
  });

  it('predicts for 200 records, missing values among them, what the library predicts', async () => {
    const options = { threads: 2, once: true, expectInput, expectOutput };
    const model = await openModel(path, options);
    const apart: number[] = [];
    for (const [i, row] of rows.entries()) {
      const data = Float32Array.from(row, (value) => value ?? NaN);
      const answer = await model.run({ data, dims: [1, width] });
      golden.predictions[i]!.forEach((expected, k) => {
        apart.push(Math.abs(answer.data[k]! - expected) / Math.max(1, Math.abs(expected)));
      });
    }
    await model.release();
    expect(apart).toHaveLength(200 * numbers);
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });
});

it('the goldens are of every library, some with missing values', () => {
  const names = cases.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['logistic', 'xgboost', 'lightgbm', 'catboost']));
  expect(vectors.some((rows) => rows.filter((row) => row.includes(null)).length > 50)).toBe(true);
});
