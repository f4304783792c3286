import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports what it promises', () => {
  expect(Object.keys(api)).toMatchInlineSnapshot(`
    [
      "combineRisks",
      "contributions",
      "parseCoxModel",
      "parseSurvivalModel",
      "parseTreeEnsemble",
      "predictBag",
      "predictCox",
      "predictTrees",
    ]
  `);
});
