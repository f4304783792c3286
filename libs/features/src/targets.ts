import { HecktorError } from '@hecktor/errors';
import {
  assertVolume,
  boxOf,
  copyBox,
  gridOfRegion,
  voxelCount,
  voxelIndex,
  type Volume,
} from '@hecktor/volume';

/** The tumours that are measured, and the labels that belong to each. */
const TARGETS = {
  GTVp: [1],
  GTVn: [2],
  GTV: [1, 2],
} as const;

export type Target = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as readonly Target[];

/** A target's voxels: the mask on its box, and the index x, y, z of each voxel one after another. */
export interface TargetVoxels {
  readonly mask: Volume<Uint8Array>;
  readonly indices: Int32Array;
}

/** The voxels of a target, x fastest. */
export function targetVoxels(labels: Volume<Uint8Array>, target: Target): TargetVoxels {
  const wanted: readonly number[] = TARGETS[target];
  const data = labels.data.map((label) => (wanted.includes(label) ? 1 : 0));
  const count = data.reduce((sum, inside) => sum + inside, 0);
  const indices = new Int32Array(3 * count);
  for (let at = data.indexOf(1), to = 0; at !== -1; at = data.indexOf(1, at + 1), to += 3) {
    indices.set(voxelIndex(labels.size, at), to);
  }
  return { mask: { ...labels, data }, indices };
}

/**
 * The smallest box of a label map that holds all tumour voxels, or undefined when there are none.
 * Everything that follows works on that box, so that memory grows with the tumour, not the image.
 */
export function cropLabels(labels: Volume<Uint8Array>): Volume<Uint8Array> | undefined {
  assertVolume(labels);
  if (!(labels.data instanceof Uint8Array)) {
    throw new HecktorError('INVALID_ARGUMENT', { detail: 'expected labels of the type uint8' });
  }
  const box = boxOf(labels.size, labels.data);
  if (box === undefined) return undefined;
  const data = copyBox(labels, box, new Uint8Array(voxelCount(box)));
  const unknown = data.find((label) => label > 2);
  if (unknown !== undefined) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected labels 0 (background), 1 (GTVp) and 2 (GTVn), got ${unknown}`,
    });
  }
  return { ...gridOfRegion(labels, box), data };
}
