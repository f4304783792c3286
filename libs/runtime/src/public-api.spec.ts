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
      "keepWorker",
      "memoryLimit",
      "optionReader",
      "peakMemory",
      "readConfig",
      "reportFailure",
      "runCommand",
      "runMain",
      "serveInvokes",
      "serveJob",
      "serveKernels",
      "stackOf",
      "startProgram",
      "superviseWorker",
      "toHecktorError",
      "workersHaveLeft",
    ]
  `);
});
