import { describe, expect, it } from '@jest/globals';
import { parseCoxModel, predictCox } from './index.ts';

const term = { name: 'Age', coefficient: 0.5, mean: 60, scale: 10 };
const model = (change: object = {}) => ({
  ...{ version: 1, kind: 'cox', offset: 1, ...change },
  features: [term, { name: 'MTV', coefficient: 0.25 }],
});
const parse = (value: unknown) => parseCoxModel(JSON.stringify(value), { file: 'a.json' });

describe('predictCox', () => {
  it('adds coefficient times standardised feature to the offset', () => {
    expect(predictCox(parse(model()), [70, 8])).toBe(1 + 0.5 + 2);
    expect(predictCox(parse(model({ offset: undefined })), [60, 0])).toBe(0);
  });

  it('gives the hazard on request', () => {
    expect(predictCox(parse(model({ output: 'hazard' })), [70, 8])).toBe(Math.exp(3.5));
  });

  it('does not change its input', () => {
    const features = new Float32Array([70, 8]);
    predictCox(parse(model()), features);
    expect([...features]).toEqual([70, 8]);
  });

  it.each([
    [[1], 'expected 2 features, got 1'],
    [[1, NaN], '"MTV" is missing'],
    [[1, Infinity], 'no finite number'],
  ])('refuses the features %j', (features, message) => {
    expect(() => predictCox(parse(model()), features)).toThrow(message);
  });
});

describe('parseCoxModel', () => {
  it.each([
    ['text', '{', 'not JSON'],
    ['another version', JSON.stringify(model({ version: 2 })), '/version'],
    ['another kind', JSON.stringify(model({ kind: 'icare' })), '/kind'],
    ['no features', JSON.stringify({ ...model(), features: [] }), '/features'],
    ['a feature twice', JSON.stringify({ ...model(), features: [term, term] }), "'Age' is there"],
    ['no scale', JSON.stringify({ ...model(), features: [{ ...term, scale: 0 }] }), '/scale'],
    ['an unknown key', JSON.stringify(model({ more: 1 })), '/more is unknown'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseCoxModel(text, { file: 'a.json' })).toThrow(message);
  });
});
