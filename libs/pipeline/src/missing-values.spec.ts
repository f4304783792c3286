import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseClinicalRecord } from '@hecktor/clinical';
import { openModel } from '@hecktor/onnx';
import type { Log } from '@hecktor/runtime';
import { parseRecipe, PREDICTION, stagesOf, type Stage } from '@hecktor/recipe';
import { featureVector } from './feature-vector.ts';

const GOLDEN = new URL('../golden/prediction/', import.meta.url);
const quiet = (): void => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const [recipe] = stagesOf(
  parseRecipe(readFileSync(new URL('class.json', GOLDEN), 'utf8'), PREDICTION),
) as [Stage];
const WHOLE: Readonly<Record<string, unknown>> = {
  Age: 71,
  Gender: 1,
  'Tobacco Consumption': 0,
  'Alcohol Consumption': 1,
  'Performance Status': 2,
  Treatment: 1,
  'M-stage': 'M0',
  CenterID: 3,
};

/** The vector of the record whose values of the subset's bits are `gone`; undefined: left out. */
function vectorOf(subset: number, gone: unknown): Float32Array {
  const entries = Object.entries(WHOLE).map(([key, value], i) => [
    key,
    (subset >> i) & 1 ? gone : value,
  ]);
  const text = JSON.stringify(Object.fromEntries(entries));
  const { record } = parseClinicalRecord(text, { file: 'ehr.json' });
  return featureVector(record, {}, recipe, { log })!.tensor.data;
}

describe('every subset of missing clinical values', () => {
  it.each([
    ['left out', undefined],
    ['null', null],
    ['empty', ''],
    ['"Unknown"', 'Unknown'],
    ['"nan"', 'nan'],
  ])('gives finite numbers, a network too, when they are %s', async (_, gone) => {
    const vectors = Array.from({ length: 256 }, (_, subset) => vectorOf(subset, gone));
    const width = vectors[0]!.length;
    const data = new Float32Array(256 * width);
    vectors.forEach((vector, i) => {
      expect(vector.length).toBe(width);
      expect(vector.every((value) => Number.isFinite(value))).toBe(true);
      data.set(vector, i * width);
    });
    const path = fileURLToPath(new URL('class_0.onnx', GOLDEN));
    const model = await openModel(path, { threads: 1 });
    const image = { data: new Float32Array(256 * 2 * 12 ** 3), dims: [256, 2, 12, 12, 12] };
    const { out } = await model.runNamed({ image, clinical: { data, dims: [256, width] } });
    await model.release();
    expect(out!.dims).toEqual([256, 2]);
    expect(out!.data.every((value) => Number.isFinite(value))).toBe(true);
    // The last subset misses all, whichever way it is written.
    expect(vectors[255]).toEqual(vectorOf(255, undefined));
  });
});

describe('featureVector', () => {
  it('is what Python makes of the same records', () => {
    const text = readFileSync(new URL('expected.json', GOLDEN), 'utf8');
    const { cases } = JSON.parse(text) as { cases: { ehr: string; vector: number[] }[] };
    for (const { ehr, vector } of cases) {
      const { record } = parseClinicalRecord(ehr, { file: 'ehr.json' });
      expect(Array.from(featureVector(record, {}, recipe, { log })!.tensor.data)).toEqual(vector);
    }
  });

  it('takes computed values, and what does not exist as missing', () => {
    const features = [
      { encode: 'number', of: 'mask.GTVp.volume', missing: 9, mean: 1, scale: 2 },
      { encode: 'number', of: 'mask.GTVn.volume', missing: 9, mean: 1, scale: 2 },
      { encode: 'missing-flag', of: 'mask.GTVn.volume' },
    ] as const;
    const vector = featureVector(
      {},
      { 'mask.GTVp.volume': 5 },
      { features: [...features] },
      { log },
    );
    expect(Array.from(vector!.tensor.data)).toEqual([2, 4, 1]);
  });

  it('passes a missing value on where the recipe says so, and keeps float64', () => {
    const open = { encode: 'number', missing: null, mean: 0.1, scale: 1 } as const;
    const features = [
      { ...open, of: 'Age' },
      { ...open, of: 'mask.GTVn.volume' },
      { encode: 'missing-flag' as const, of: 'mask.GTVn.volume' },
    ];
    const { record } = parseClinicalRecord('{"Age": 71}', { file: 'ehr.json' });
    const { tensor, numbers } = featureVector(record, {}, { features }, { log })!;
    expect(numbers).toEqual([71 - 0.1, NaN, 1]);
    expect(Array.from(tensor.data)).toEqual([Math.fround(71 - 0.1), NaN, 1]);
  });

  it('takes answers of earlier stages', () => {
    const features = [
      { encode: 'number' as const, of: 'stage.t.T3', missing: 0, mean: 0, scale: 2 },
    ];
    const { numbers } = featureVector({}, { 'stage.t.T3': 0.5 }, { features }, { log })!;
    expect(numbers).toEqual([0.25]);
  });

  it('refuses an encoder that makes no finite number', () => {
    const features = [{ encode: 'number' as const, of: 'Age', missing: 1, mean: 0, scale: 1e-40 }];
    expect(() => featureVector({}, {}, { features }, { log })).toThrow('RECIPE_INVALID');
  });
});
