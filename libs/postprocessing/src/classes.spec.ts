import { describe, expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { createGrid, createVolume } from '@hecktor/volume';
import { applyRules, argmax, paintRegions, softmaxInPlace } from './index.ts';

const golden = readGoldenJson<{
  dims: number[];
  logits: number[];
  argmax: number[];
  softmax: number[];
}>(new URL('../golden/classes.json', import.meta.url));

const logits = () => ({ data: Float32Array.from(golden.logits), dims: golden.dims });
const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });

describe('argmax', () => {
  it('agrees with torch, ties included', () => {
    const tensor = logits();
    expect(Array.from(argmax(tensor))).toEqual(golden.argmax);
    expect(tensor.data).toEqual(logits().data);
  });

  it.each([0, 1, 2])('refuses a NaN in class %d instead of choosing another', (k) => {
    const tensor = logits();
    tensor.data[k * 90 + 17] = Number.NaN;
    expect(() => argmax(tensor)).toThrow(expect.objectContaining({ code: 'MODEL_OUTPUT_INVALID' }));
  });

  it.each([
    ['two images', { data: new Float32Array(8), dims: [2, 2, 1, 1, 2] }],
    ['no classes', { data: new Float32Array(0), dims: [1, 0, 1, 1, 2] }],
    ['dims that do not fit', { data: new Float32Array(7), dims: [1, 2, 1, 2, 2] }],
    ['no spatial axis', { data: new Float32Array(2), dims: [1, 2] }],
    ['more classes than a byte holds', { data: new Float32Array(257), dims: [1, 257, 1] }],
  ])('refuses %s', (_, tensor) => {
    expect(() => argmax(tensor)).toThrow(invalid);
  });
});

describe('paintRegions', () => {
  const { cases } = readGoldenJson<{
    cases: { order: number[]; dims: number[]; logits: string[]; labels: number[] }[];
  }>(new URL('../golden/regions.json', import.meta.url));

  it.each(cases)('agrees with nnU-Net, also where the sigmoid is 0.5: $order', (entry) => {
    const tensor = { data: Float32Array.from(entry.logits, Number), dims: entry.dims };
    const before = tensor.data.slice();
    expect(Array.from(paintRegions(tensor, entry.order))).toEqual(entry.labels);
    expect(tensor.data).toEqual(before);
  });

  it('refuses a NaN and a missing label', () => {
    const tensor = { data: Float32Array.of(1, -1, Number.NaN, 1), dims: [1, 2, 1, 1, 2] };
    expect(() => paintRegions(tensor, [1, 2])).toThrow('a logit is NaN');
    expect(() => paintRegions(tensor, [1])).toThrow(invalid);
  });
});

describe('softmaxInPlace', () => {
  it('agrees with torch, large logits included', () => {
    const tensor = logits();
    softmaxInPlace(tensor);
    tensor.data.forEach((value, i) => expect(value).toBeCloseTo(golden.softmax[i]!, 6));
  });
});

describe('map-classes', () => {
  const classes = createVolume(createGrid([4, 1, 1]), Uint8Array.of(0, 2, 1, 0));

  it('replaces each class by its label', () => {
    const { data } = applyRules(classes, [{ step: 'map-classes', to: [0, 5, 255] }]);
    expect(Array.from(data)).toEqual([0, 255, 5, 0]);
    expect(Array.from(classes.data)).toEqual([0, 2, 1, 0]);
  });

  it('refuses a class without a label', () => {
    expect(() => applyRules(classes, [{ step: 'map-classes', to: [0, 1] }])).toThrow(invalid);
  });
});
