import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { parseCoxModel, parseTreeEnsemble, predictCox, predictTrees } from './index.ts';

// golden/tabular.json: tools/reference/tabular/make_tabular.py, with lifelines and scikit-survival.
interface Golden {
  vectors: (number | null)[][][];
  cases: { name: string; file: string; vectors: number; predictions: [number][] }[];
}

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));
const { vectors, cases } = readGoldenJson<Golden>(join(GOLDEN, 'tabular.json'));
const rowsOf = (index: number) =>
  vectors[index]!.map((row) => Float32Array.from(row, (value) => value ?? NaN));
const isTrees = ({ file }: { file: string }) => file.endsWith('.trees');

describe.each(cases.filter(isTrees))('the survival trees of $name', (golden) => {
  const file = join(GOLDEN, golden.file);
  const ensemble = parseTreeEnsemble(readFileSync(file), { file });

  it('predict for 200 records what scikit-survival predicts, bit for bit in float32', () => {
    const ours = rowsOf(golden.vectors).map((row) => Math.fround(predictTrees(ensemble, row)));
    expect(ours).toEqual(golden.predictions.map(([value]) => Math.fround(value)));
    expect(ours).toHaveLength(200);
  });
});

describe.each(cases.filter((golden) => !isTrees(golden)))('the Cox model $name', (golden) => {
  it('predicts for 200 records what the library predicts', () => {
    const file = join(GOLDEN, golden.file);
    const model = parseCoxModel(readFileSync(file, 'utf8'), { file });
    const ours = rowsOf(golden.vectors).map((row) => predictCox(model, row));
    const apart = ours.map((risk, i) => Math.abs(risk - golden.predictions[i]![0]));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
    expect(ours).toHaveLength(200);
  });
});

it('the goldens hold missing values, and every kind', () => {
  const names = cases.map(({ name }) => name);
  expect(names).toEqual([
    ...['lifelines', 'coxph', 'coxnet', 'rsf', 'rsf-low-memory', 'extra-survival'],
    ...['boosted', 'boosted-dropout', 'boosted-times'],
  ]);
  const { vectors: index } = cases.find(({ name }) => name === 'rsf')!;
  expect(vectors[index]!.filter((row) => row.includes(null)).length).toBeGreaterThan(50);
});
