import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "createDeadline",
      "createKernelPool",
      "createLog",
      "createLogger",
      "createProgress",
      "createStageTimer",
      "createStopSignal",
      "freeMemory",
      "grantedCpus",
      "hashFiles",
      "isDebug",
      "memoryLimit",
      "peakMemory",
      "readConfig",
      "runMain",
      "serveJob",
      "serveKernels",
      "stackOf",
      "startProgram",
      "superviseWorker",
      "toHecktorError",
    ]
  `);
});
