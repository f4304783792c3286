import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "TASK_SCHEMA",
      "assertWritable",
      "findImage",
      "findInputs",
      "readClinicalRecord",
      "readLabelMap",
      "readTask",
      "removeOutput",
      "resolveFolders",
      "writeJson",
      "writeLabelMap",
      "writeTensor",
    ]
  `);
});
