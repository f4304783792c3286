import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "CLINICAL_RECORD",
      "CT",
      "HPV_STATUS",
      "PET",
      "PLANNING_CT",
      "RFS",
      "RT_DOSE",
      "SEGMENTATION",
      "TASK_SCHEMA",
      "assertWritable",
      "findImage",
      "findInputs",
      "readClinicalRecord",
      "readJson",
      "readTask",
      "removeOutput",
      "resolveFolders",
      "writeJson",
      "writeLabelMap",
    ]
  `);
});
