import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly the documented values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'combineMembers',
    'createPlanner',
    'createRowSums',
    'halfRounding',
    'importanceMap',
    'layOutRows',
    'slideWindows',
    'slidingWindowInference',
    'windowMean',
    'withFlips',
  ]);
});
