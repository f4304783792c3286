import { CT, PET, SEGMENTATION, writeLabelMap } from '@hecktor/case-io';
import { createVolume } from '@hecktor/volume';
import type { LabelResult } from './job.ts';
import { superviseCase, type SuperviseCaseOptions } from './supervise-case.ts';

/** What an app of a task says about itself. */
export type AppOptions = Omit<
  SuperviseCaseOptions<LabelResult>,
  'sockets' | 'socket' | 'clinicalRecord' | 'write'
>;

/** Task 1 on the main thread: CT and PET to a label map on the grid of the CT. */
export async function superviseSegmentation(options: AppOptions): Promise<void> {
  await superviseCase<LabelResult>({
    ...options,
    sockets: [CT, PET],
    socket: SEGMENTATION,
    clinicalRecord: 'unused',
    write: (result, { output }, signal) =>
      writeLabelMap(output, SEGMENTATION, createVolume(result.grid, result.labels), { signal }),
  });
}
