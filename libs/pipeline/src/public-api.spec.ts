import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "PREDICTION_APPS",
      "PredictionRecipeSchema",
      "RECIPE_SCHEMAS",
      "SegmentationRecipeSchema",
      "describeRecipe",
      "findResource",
      "loadRecipe",
      "nearMiss",
      "parseRecipe",
      "prepareCase",
      "recipeJsonSchema",
      "runPrediction",
      "runSegmentation",
    ]
  `);
});
