import { SEGMENTATION } from '@hecktor/case-io';

/** What a task must write. */
export interface ExpectedOutput {
  /** Below the output folder. */
  readonly path: string;
  readonly kind: 'label-map' | 'number' | 'boolean';
}

/** The challenge's one output per task. */
export const EXPECTED_OUTPUTS: Readonly<Record<string, ExpectedOutput>> = {
  task1: { path: SEGMENTATION.path, kind: 'label-map' },
  task2: { path: 'rfs.json', kind: 'number' },
  task3: { path: 'hpv-status.json', kind: 'boolean' },
};
