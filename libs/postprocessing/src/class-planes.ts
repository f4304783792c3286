import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';

/** How a class tensor splits into one plane of voxels per class. */
export interface ClassPlanes {
  readonly classes: number;
  /** Voxels of one plane. */
  readonly voxels: number;
}

/**
 * Classes and voxels of `[1, classes, ...spatial]`.
 *
 * @throws HecktorError INVALID_ARGUMENT for more than one image, or dims that do not fit the data.
 */
export function classPlanes(tensor: Tensor): ClassPlanes {
  const { data, dims } = tensor;
  const [images, classes = 0, ...spatial] = dims;
  const voxels = spatial.reduce((product, n) => product * n, 1);
  if (images !== 1 || !(classes >= 1) || spatial.length === 0 || data.length !== classes * voxels) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail:
        `expected dims [1, classes, ...] that hold all ${data.length} elements, ` +
        `got [${dims.join(', ')}]`,
    });
  }
  return { classes, voxels };
}
