import type { Grid } from '@hecktor/volume';
import { voxelCount } from '@hecktor/volume';

/** The time from logits to the file. */
export interface FinishTime {
  /** ms: what it took last, else a guess by the number of voxels. */
  readonly ms: () => number;
  /** It took so long, without writing. */
  took(ms: number): void;
}

/** Nanoseconds per voxel on a slow core: labels and rules, the way back of labels or logits, writing. */
const COST = { labels: 150, backLabels: 60, backLogits: 200, writing: 20 };
const SLOWER = 1.25;

/** @param grid - Of the tensor. @param target - Of the label map. */
export function createFinishTime(grid: Grid, target: Grid, goLogitsBack: boolean): FinishTime {
  const back = goLogitsBack ? COST.backLogits : COST.backLabels;
  const written = voxelCount(target) * COST.writing * 1e-6;
  let known = 500 + (voxelCount(grid) * COST.labels + voxelCount(target) * back) * 1e-6;
  return {
    ms: () => known + written,
    took: (ms) => void (known = SLOWER * ms),
  };
}
