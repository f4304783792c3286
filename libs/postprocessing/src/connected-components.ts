import type { Vec3 } from '@hecktor/volume';
import { componentRuns, type Connectivity } from './component-runs.ts';

/** The connected components of a mask, voxel by voxel. */
export interface Components {
  /** 0 for background, else the number of the voxel's component, 1 to `count`. */
  readonly labels: Uint32Array;
  readonly count: number;
  /** Voxels of each component; element 0 is component 1. */
  readonly voxels: Float64Array;
}

/**
 * Labels the connected components of the non-zero voxels, numbered by the scan order (x fastest)
 * of their first voxels, as `skimage.measure.label` does.
 *
 * @throws HecktorError INVALID_ARGUMENT when size and mask, or the connectivity, do not fit.
 */
export function connectedComponents(
  mask: Uint8Array,
  size: Vec3,
  connectivity: Connectivity,
): Components {
  const binary = mask.every((value) => value <= 1) ? mask : mask.map((value) => (value ? 1 : 0));
  const {
    count,
    starts,
    ends,
    labels: ofRun,
    voxels,
  } = componentRuns(binary, size, 1, connectivity);
  const labels = new Uint32Array(mask.length);
  for (let run = 0; run < starts.length; run++) labels.fill(ofRun[run]!, starts[run], ends[run]);
  return { labels, count, voxels };
}
