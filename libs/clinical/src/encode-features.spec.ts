import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { Value } from 'typebox/value';
import { encodeFeatures, ENCODER_SCHEMAS, featureNames, parseClinicalRecord } from './index.ts';
import type { ClinicalValue, Encoder } from './index.ts';

// golden/clinical.json: tools/reference/clinical/make_clinical.py, with pandas and scikit-learn.
interface Fit {
  encoders: Encoder[];
  vectors: (number[] | null)[];
}
interface Golden {
  records: string[];
  fits: { name: string; task2: Fit; task3: Fit }[];
}

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));
const { records, fits } = readGoldenJson<Golden>(join(GOLDEN, 'clinical.json'));
const parsed = records.map((text) => parseClinicalRecord(text, { file: 'ehr.json' }).record);

describe.each(fits)('preprocessors fitted on $name', (fit) => {
  it.each(['task2', 'task3'] as const)('give the vectors of %s to the last bit', (task) => {
    const { encoders, vectors } = fit[task];
    for (const { encode, ...rest } of encoders) {
      expect(Value.Check(ENCODER_SCHEMAS[encode], { encode, ...rest })).toBe(true);
    }
    const compared = vectors.filter((vector, i) => {
      const { vector: ours } = encodeFeatures(parsed[i]!, encoders);
      expect(ours).toHaveLength(featureNames(encoders).length);
      expect(ours.every(Number.isFinite)).toBe(true);
      if (vector === null) return false;
      expect(Array.from(ours)).toEqual(vector);
      return true;
    });
    expect(compared.length).toBeGreaterThan(100);
  });
});

it('the goldens hold records on which the reference gives NaN', () => {
  expect(fits.some(({ task3 }) => task3.vectors.includes(null))).toBe(true);
});

const number = { encode: 'number', of: 'Age', missing: 60, mean: 50, scale: 10 } as const;
const flag = { encode: 'missing-flag', of: 'Age' } as const;
const gender = {
  encode: 'one-hot' as const,
  of: 'Gender',
  categories: ['0.0', '1.0', 'Unknown'],
  missing: 'Unknown',
} satisfies Encoder;
const of = (text: string) => parseClinicalRecord(text, { file: 'ehr.json' }).record;

describe('a number', () => {
  it.each([
    ['{"Age": 71}', 2.1],
    ['{"Age": " 71 "}', 2.1],
    ['{"Age": true}', -4.9],
    ['{"Age": null}', 1],
    ['{"Age": "Unknown"}', 1],
    ['{}', 1],
  ])('in %s', (text, value) => {
    const { vector, warnings } = encodeFeatures(of(text), [number]);
    expect(vector[0]).toBeCloseTo(value, 6);
    expect(warnings).toEqual([]);
  });

  it.each(['{"Age": "seventy"}', '{"Age": "0x10"}'])(
    'that is none in %s is taken as missing, with a warning that does not quote it',
    (text) => {
      const { vector, warnings } = encodeFeatures(of(text), [number]);
      expect(vector[0]).toBe(1);
      expect(warnings).toEqual(['"Age" is no number and is taken as missing']);
    },
  );
});

describe('a number that is too large', () => {
  it.each([
    '1e38',
    '"-1e38"',
    '1e300',
    '-1e300',
    '"1e300"',
    '1e999',
    '"1e999"',
    '1' + '0'.repeat(68),
  ])('as %s is taken as missing, with a warning that does not quote it', (value) => {
    const record = parseClinicalRecord(`{"Age": ${value}}`, { file: 'ehr.json' });
    const { vector, warnings } = encodeFeatures(record.record, [number, flag]);
    expect(Array.from(vector)).toEqual([1, 1]);
    const said = [...record.warnings, ...warnings];
    expect(said).toContain('"Age" is too large for a network and is taken as missing');
    expect(said.join()).not.toMatch(/1e|000/);
  });

  it.each([{ missing: 1e300 }, { mean: -1e300 }, { scale: 1e-320 }])(
    'is refused in the recipe: %j',
    (change) => {
      const call = () => encodeFeatures({}, [{ ...number, ...change }]);
      expect(call).toThrow('RECIPE_INVALID');
      expect(call).toThrow('"Age"');
    },
  );
});

describe('a number outside the range of training', () => {
  const trained = { ...number, range: [18, 95] };
  const encode = (age: number, outOfRange?: 'keep' | 'missing') =>
    encodeFeatures(of(`{"Age": ${age}}`), [
      { ...trained, ...(outOfRange !== undefined && { outOfRange }) },
      flag,
    ]);

  it.each([0, 17.9, 25_915])('is used with a warning that does not quote it: %d', (age) => {
    for (const { vector, warnings } of [encode(age), encode(age, 'keep')]) {
      expect(Array.from(vector)).toEqual([Math.fround((age - 50) / 10), 0]);
      expect(warnings).toEqual([
        '"Age" lies outside 18 to 95, which the model was trained with, and is used as it is',
      ]);
    }
  });

  it('is a missing one where the recipe says so, for the missing flag too', () => {
    const { vector, warnings } = encode(0, 'missing');
    expect(Array.from(vector)).toEqual([1, 1]);
    expect(warnings).toEqual([
      '"Age" lies outside 18 to 95, which the model was trained with, and is taken as missing',
    ]);
  });

  it.each([18, 60, 95])('does not include its ends: %d', (age) => {
    expect(encode(age, 'missing').warnings).toEqual([]);
    expect(encode(age, 'missing').vector[0]).toBe(Math.fround((age - 50) / 10));
  });

  it('says nothing of a missing value and refuses a range upside down', () => {
    expect(encodeFeatures({}, [trained]).warnings).toEqual([]);
    const call = () => encodeFeatures({}, [{ ...number, range: [95, 18] }]);
    expect(call).toThrow('RECIPE_INVALID');
  });
});

describe('one-hot columns', () => {
  const columns = (text: string, numbers?: 'as-written' | 'normalised') =>
    encodeFeatures(of(text), [{ ...gender, ...(numbers !== undefined && { numbers }) }]);

  it('tell 1 from 1.0 as written, and say how to mend it', () => {
    expect(Array.from(columns('{"Gender": 1.0}').vector)).toEqual([0, 1, 0]);
    const { vector, warnings } = columns('{"Gender": 1}');
    expect(Array.from(vector)).toEqual([0, 0, 0]);
    expect(warnings[0]).toContain('"numbers": "normalised"');
  });

  it.each(['1', '1.0', '"1"', '" 1.00 "', '1e0'])('take %s as 1 when normalised', (value) => {
    const { vector, warnings } = columns(`{"Gender": ${value}}`, 'normalised');
    expect(Array.from(vector)).toEqual([0, 1, 0]);
    expect(warnings).toEqual([]);
  });

  it('take 0 and -0 as one number when normalised', () => {
    expect(Array.from(columns('{"Gender": -0.0}', 'normalised').vector)).toEqual([1, 0, 0]);
  });

  it('are never two, even if categories are one number', () => {
    const both: Encoder = { ...gender, categories: ['1', '1.0'], numbers: 'normalised' };
    expect(Array.from(encodeFeatures(of('{"Gender": 1}'), [both]).vector)).toEqual([1, 0]);
  });

  it('are all 0 for a value not seen in training, with a warning that does not quote it', () => {
    const { vector, warnings } = columns('{"Gender": "other"}');
    expect(Array.from(vector)).toEqual([0, 0, 0]);
    expect(warnings).toEqual([
      'all columns of "Gender" are 0: the model was not trained with this value',
    ]);
  });

  it('tell when missing values were not in training', () => {
    const { warnings } = encodeFeatures({}, [{ ...gender, categories: ['0', '1'] }]);
    expect(warnings[0]).toContain('not trained with "Unknown"');
  });

  it('spell booleans as Python does', () => {
    const flag = { ...gender, categories: ['False', 'True'] };
    expect(Array.from(encodeFeatures(of('{"Gender": true}'), [flag]).vector)).toEqual([0, 1]);
  });
});

it('a missing flag is 1 where nothing is', () => {
  const flags = ['Age', 'Gender'].map((name) => ({ encode: 'missing-flag', of: name }) as const);
  const { vector, names } = encodeFeatures(of('{"Age": 5, "Gender": NaN}'), flags);
  expect(Array.from(vector)).toEqual([0, 1]);
  expect(names).toEqual(['Age missing', 'Gender missing']);
});

it('names are those of pandas', () => {
  expect(featureNames([number, gender])).toEqual([
    'Age',
    'Gender_0.0',
    'Gender_1.0',
    'Gender_Unknown',
  ]);
});

it('does not take inherited properties for values', () => {
  const values: Record<string, ClinicalValue> = {};
  const odd = { ...gender, of: 'constructor' };
  expect(Array.from(encodeFeatures(values, [odd]).vector)).toEqual([0, 0, 1]);
});

it('does not change its input', () => {
  const values = Object.freeze(of('{"Age": 71}'));
  encodeFeatures(values, [Object.freeze({ ...number })]);
  expect(values).toEqual({ Age: { kind: 'number', value: 71, text: '71' } });
});
