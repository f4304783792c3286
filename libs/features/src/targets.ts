import { HecktorError } from '@hecktor/errors';
import {
  assertVolume,
  createVolume,
  toVec3,
  voxelIndex,
  voxelToWorld,
  type Vec3,
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
  const { data, size } = labels;
  const low = [...size];
  const high = [-1, -1, -1];
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!;
    if (label === 0) continue;
    if (label > 2) {
      throw new HecktorError('INVALID_ARGUMENT', {
        detail: `expected labels 0 (background), 1 (GTVp) and 2 (GTVn), got ${label}`,
      });
    }
    voxelIndex(size, at).forEach((n, a) => {
      low[a] = Math.min(low[a]!, n);
      high[a] = Math.max(high[a]!, n);
    });
  }
  if (high[0]! < 0) return undefined;
  const box: Vec3 = [high[0]! - low[0]! + 1, high[1]! - low[1]! + 1, high[2]! - low[2]! + 1];
  const cut = new Uint8Array(box[0] * box[1] * box[2]);
  for (let z = 0, to = 0; z < box[2]; z++) {
    for (let y = 0; y < box[1]; y++, to += box[0]) {
      const from = low[0]! + size[0] * (low[1]! + y + size[1] * (low[2]! + z));
      cut.set(data.subarray(from, from + box[0]), to);
    }
  }
  return createVolume({ ...labels, size: box, origin: voxelToWorld(labels, toVec3(low)) }, cut);
}
