import { describe, expect, it } from '@jest/globals';
import { expectedModel, stagesOf, type LoadedRecipe } from '@hecktor/recipe';

type Loaded = Pick<LoadedRecipe<'prediction'>, 'recipe' | 'stages'>;

function prediction(head: object, more: object = {}, survival?: object): Loaded {
  const recipe = {
    kind: 'prediction',
    preprocessing: [{ step: 'resize-area', size: [96, 80, 64] }],
    tensor: { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] },
    features: [
      { encode: 'number', of: 'Age', missing: 61, mean: 60, scale: 10 },
      { encode: 'one-hot', of: 'Gender', categories: ['0', '1'], missing: '0' },
    ],
    models: [{ file: 'm.onnx', inputs: { image: 'image', features: 'clinical' }, output: 'out' }],
    head,
    ...more,
  };
  // As unknown: a recipe and a survival model with no more than is read here.
  const stages = stagesOf(recipe as unknown as Loaded['recipe']).map((stage) => ({
    ...{ stage, survival, models: [] },
  }));
  return { recipe, stages } as unknown as Loaded;
}

describe('expectedModel', () => {
  it('takes axes in the order of the tensor and the width of the clinical vector', () => {
    const { inputs, outputs } = expectedModel(prediction({ kind: 'class' }), 0);
    expect(inputs).toEqual([
      { name: 'image', dims: [1, 2, 64, 80, 96] },
      { name: 'clinical', dims: [1, 3] },
    ]);
    expect(outputs).toEqual([{ name: 'out', dims: [1, 2] }]);
  });

  it('leaves axes open that the images decide', () => {
    const own = prediction({ kind: 'risk' }, { preprocessing: [{ step: 'z-score' }] });
    expect(expectedModel(own, 0)).toMatchObject({
      inputs: [{ dims: [1, 2, null, null, null] }, {}],
      outputs: [{ dims: [1, 1] }],
    });
  });

  it('wants as many features as the survival model of its fold takes', () => {
    const model = { folds: [{ bag: { features: 7 } }] };
    const loaded = prediction({ kind: 'icare' }, {}, { model });
    expect(expectedModel(loaded, 0).outputs).toEqual([{ name: 'out', dims: [1, 7] }]);
  });
});
