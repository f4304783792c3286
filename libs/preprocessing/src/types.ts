import type { Grid, NumericVoxelArray, Tensor, Volume } from '@hecktor/volume';
import type { StepRecord } from './invert/step-record.ts';

/** The images of a case by the name that recipes use, for instance `ct` and `pet`. */
export type Images = Readonly<Record<string, Volume<NumericVoxelArray>>>;

/** A network's input, and what was done to get there. */
export interface Prepared {
  readonly tensor: Tensor;
  /** Grid of the tensor's voxels. */
  readonly grid: Grid;
  /** One record per step, in order; {@link invertLabels} goes through them backwards. */
  readonly records: readonly StepRecord[];
}
