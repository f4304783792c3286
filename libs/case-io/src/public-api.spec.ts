import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "CLINICAL_RECORD",
      "CT",
      "PET",
      "PLANNING_CT",
      "RT_DOSE",
      "SEGMENTATION",
      "assertWritable",
      "findImage",
      "findInputs",
      "parseTolerantJson",
      "readClinicalRecord",
      "readInputsJson",
      "readJson",
      "resolveFolders",
      "safePath",
      "writeAtomically",
      "writeJson",
      "writeLabelMap",
    ]
  `);
});
