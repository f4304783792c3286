import { CT, HPV_STATUS, PET, PLANNING_CT, RFS, RT_DOSE, writeJson } from '@hecktor/case-io';
import type { InputSocket, OutputSocket } from '@hecktor/case-io';
import type { PredictionResult } from './job.ts';
import { superviseCase } from './supervise-case.ts';
import type { AppOptions } from './supervise-segmentation.ts';

/** Task 2 on the main thread: a case to the risk of recurrence, one finite number. */
export function superviseRisk(options: AppOptions): Promise<void> {
  return supervisePrediction(options, [CT, PET, PLANNING_CT, RT_DOSE], RFS);
}

/** Task 3 on the main thread: a case to the HPV status, true or false. */
export function superviseHpv(options: AppOptions): Promise<void> {
  return supervisePrediction(options, [CT, PET], HPV_STATUS);
}

function supervisePrediction(
  options: AppOptions,
  sockets: readonly InputSocket[],
  socket: OutputSocket,
): Promise<void> {
  return superviseCase<PredictionResult>({
    ...options,
    sockets,
    socket,
    clinicalRecord: 'used',
    write: ({ value }, { output }, signal) => writeJson(output, socket, value, { signal }),
  });
}
