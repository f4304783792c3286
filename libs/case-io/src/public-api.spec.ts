import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "TASK_SCHEMA",
      "assertWritable",
      "expectedValue",
      "findImage",
      "findInputs",
      "fitsOutput",
      "inFile",
      "labelMapOf",
      "outputError",
      "readClinicalRecord",
      "readLabelMap",
      "readTask",
      "removeOutputs",
      "resolveFolders",
      "writeOutputs",
      "writeTensor",
    ]
  `);
});
