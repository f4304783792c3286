import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports what it promises', () => {
  expect(Object.keys(api)).toMatchInlineSnapshot(`
    [
      "CLINICAL_RECORD_SCHEMA",
      "ENCODER_SCHEMAS",
      "describeJsonFault",
      "encodeFeatures",
      "featureNames",
      "normalisedCategory",
      "parseClinicalRecord",
      "parseTolerantJson",
    ]
  `);
});
