import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly the documented values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'aggregatedDice',
    'aggregatedF1',
    'areaUnderCurve',
    'balancedAccuracy',
    'bootstrapInterval',
    'bootstrapScores',
    'bordaRanks',
    'concordanceIndex',
    'confusionMatrix',
    'cropToLabels',
    'detectLesions',
    'dice',
    'f1Score',
    'falsePositivesPerPatient',
    'hausdorff95',
    'labelOverlap',
    'lesionSensitivity',
    'meanDice',
    'meanRecall',
    'pairedDifference',
    'percentileOfSorted',
    'ranks',
    'recalls',
    'scoreLabels',
    'sensitivity',
    'specificity',
  ]);
});
