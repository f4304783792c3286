import type { Vec3, Volume } from '@hecktor/volume';
import { TARGETS, type Target } from './targets.ts';

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
  const [nx, ny, nz]: Vec3 = labels.size;
  let to = 0;
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        if (data[at] === 0) continue;
        indices[to++] = x;
        indices[to++] = y;
        indices[to++] = z;
      }
    }
  }
  return { mask: { ...labels, data }, indices };
}
