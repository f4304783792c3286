import { expect, it } from '@jest/globals';
import { createRandom, type Random } from '@hecktor/testing';
import { encodeFeatures, featureNames, parseClinicalRecord, type Encoder } from './index.ts';

const FIELDS = ['Age', 'Gender', 'Performance Status', 'M-stage', 'Weight', '__proto__'];
const SECRETS = [
  '71.8125',
  '4e39',
  '-9e999',
  '"Jane \\" Roe"',
  '"1e400"',
  '"-7.0"',
  '"\\u0000number:5"',
];
const PLAIN = [
  '0',
  '1',
  '-0.0',
  '1.0',
  '"1"',
  '"M0"',
  'true',
  'null',
  'NaN',
  '-Infinity',
  '""',
  '"Unknown"',
];
const number = (of: string): Encoder => ({ encode: 'number', of, missing: 61, mean: 60, scale: 9 });
const oneHot = (of: string, numbers: 'as-written' | 'normalised'): Encoder => ({
  ...{ encode: 'one-hot', of, categories: ['0', '1.0', 'M0', 'True', 'Unknown'] },
  ...{ missing: 'Unknown', numbers },
});
const ENCODERS: Encoder[] = FIELDS.flatMap((of) => [
  number(of),
  oneHot(of, 'as-written'),
  oneHot(of, 'normalised'),
  { encode: 'missing-flag', of },
]);

function recordText(random: Random): string {
  const fields = FIELDS.filter(() => random.chance(0.8)).map(
    (name) => `"${name}": ${random.pick([...SECRETS, ...PLAIN])}`,
  );
  const comma = random.chance(0.3) && fields.length > 0 ? ',' : '';
  return `{${fields.join(random.pick([',', ' ,\n ']))}${comma}}`;
}

const random = createRandom(20253);
const cases = Array.from({ length: 500 }, () => {
  const text = recordText(random);
  const parsed = parseClinicalRecord(text, { file: 'ehr.json' });
  return { text, parsed, encoded: encodeFeatures(parsed.record, ENCODERS) };
});

it('every record gives a finite vector of the length of its names', () => {
  for (const { encoded } of cases) {
    expect(encoded.vector).toHaveLength(featureNames(ENCODERS).length);
    expect(encoded.vector.every(Number.isFinite)).toBe(true);
  }
});

it('one value is in one category at most, and in none only with a warning', () => {
  for (const { parsed } of cases) {
    for (const config of ENCODERS.filter(({ encode }) => encode === 'one-hot')) {
      const { vector, warnings } = encodeFeatures(parsed.record, [config]);
      const sum = vector.reduce((total, value) => total + value, 0);
      expect(sum + warnings.length).toBe(1);
    }
  }
});

it('a value that is in a category as written is in the same one when normalised', () => {
  for (const { parsed } of cases) {
    for (const of of FIELDS) {
      const written = encodeFeatures(parsed.record, [oneHot(of, 'as-written')]).vector;
      if (!written.includes(1)) continue;
      expect(encodeFeatures(parsed.record, [oneHot(of, 'normalised')]).vector).toEqual(written);
    }
  }
});

it('no warning quotes a value', () => {
  for (const { parsed, encoded } of cases) {
    const said = [...parsed.warnings, ...encoded.warnings].join('\n');
    expect(said).not.toMatch(/71\.8|4e39|9e999|Jane|Roe|1e400|-7/);
  }
});

it('a field that is left out and one that is null give the same vector', () => {
  for (const of of FIELDS) {
    const { record } = parseClinicalRecord(`{"${of}": null}`, { file: 'ehr.json' });
    expect(encodeFeatures(record, ENCODERS).vector).toEqual(encodeFeatures({}, ENCODERS).vector);
  }
});
