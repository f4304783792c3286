import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "DOSE_IMAGE",
      "PREDICTION",
      "RECIPE_FORMATS",
      "SEGMENTATION",
      "cascadeLabels",
      "checkClasses",
      "digestsOf",
      "doseThresholds",
      "expectedModel",
      "expectedOfStage",
      "imagesOfStep",
      "isComputed",
      "isStageAnswer",
      "loadCox",
      "loadRecipe",
      "loadRecipeOfKind",
      "loadSurvival",
      "loadTrees",
      "outputSources",
      "outputWidth",
      "parseRecipe",
      "predictionFormat",
      "readFallback",
      "stagesOf",
    ]
  `);
});
