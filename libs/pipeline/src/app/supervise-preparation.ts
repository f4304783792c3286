import { CT, PET } from '@hecktor/case-io';
import { HecktorError } from '@hecktor/errors';
import type { RunFigures } from './job.ts';
import { superviseCase } from './supervise-case.ts';
import type { AppOptions } from './supervise-segmentation.ts';

/**
 * Tasks 2 and 3 on the main thread as far as they go: the case is checked and its images prepared.
 *
 * @throws HecktorError TASK_NOT_AVAILABLE when all of that went well; nothing is ever written.
 */
export async function supervisePreparation(options: AppOptions): Promise<void> {
  await superviseCase<RunFigures>({
    ...options,
    sockets: [CT, PET],
    write: () => Promise.reject(new HecktorError('TASK_NOT_AVAILABLE')),
  });
}
