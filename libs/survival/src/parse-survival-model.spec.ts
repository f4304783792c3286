import { describe, expect, it } from '@jest/globals';
import { parseSurvivalModel } from './index.ts';

const estimator = {
  usedFeatures: [0, 2],
  weights: [1, -1],
  mean: [0.5, 0],
  std: [1, 2],
  meanPrediction: 0,
  stdPrediction: 1,
};
const model = (change: object = {}, bag: object = {}) => ({
  version: 1,
  kind: 'icare',
  folds: [
    {
      fold: 0,
      bag: { aggregation: 'mean', features: 3, estimators: [{ ...estimator, ...change }], ...bag },
    },
  ],
});
const parse = (value: unknown) => parseSurvivalModel(JSON.stringify(value), { file: 's.json' });

describe('parseSurvivalModel', () => {
  it('reads a model', () => {
    expect(parse(model())).toEqual(model());
  });

  it('takes an estimator that uses no feature', () => {
    const none = { usedFeatures: [], weights: [], mean: [], std: [], stdPrediction: 0 };
    expect(parse(model(none)).folds).toHaveLength(1);
  });

  it.each([
    ['text', '{', 'not JSON'],
    ['a list', '[]', 'it must be object'],
    ['another version', JSON.stringify({ ...model(), version: 2 }), '/version'],
    ['no folds', JSON.stringify({ ...model(), folds: [] }), '/folds'],
    ['an unknown key', JSON.stringify({ ...model(), more: 1 }), '/more is unknown'],
    ['an unknown aggregation', JSON.stringify(model({}, { aggregation: 'max' })), '/aggregation'],
    ['too few weights', JSON.stringify(model({ weights: [1] })), '2 values of weights'],
    ['a weight of 2', JSON.stringify(model({ weights: [1, 2] })), 'weights of 1 or -1, got 2'],
    ['a feature too many', JSON.stringify(model({ usedFeatures: [0, 3] })), 'feature 3 is used'],
    ['a feature twice', JSON.stringify(model({ usedFeatures: [0, 0] })), 'usedFeatures'],
    ['no spread', JSON.stringify(model({ std: [1, 0] })), 'deviation of a feature is not above 0'],
    ['a negative spread', JSON.stringify(model({ std: [1, -2] })), 'a feature is not above 0'],
    [
      'no spread of risks',
      JSON.stringify(model({ stdPrediction: 0 })),
      'predictions is not above 0',
    ],
    ['mirrored risks', JSON.stringify(model({ stdPrediction: -1 })), 'predictions is not above 0'],
    ['text for a number', JSON.stringify(model({ mean: ['a', 0] })), '/mean/0'],
  ])('refuses %s', (_, text, message) => {
    const call = () => parseSurvivalModel(text, { file: 's.json' });
    expect(call).toThrow('SURVIVAL_MODEL_INVALID');
    expect(call).toThrow('s.json');
    expect(call).toThrow(message);
  });
});
