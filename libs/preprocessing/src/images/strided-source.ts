import { voxelCount } from '@hecktor/volume';
import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import type { StridedSource } from '../kernels/kernel-job.ts';
import { perAxis, type Region } from '../region.ts';
import type { AxisOrder } from '../resample/relate-grids.ts';

/** A volume read with its axes in another order: axis a of the source is axis `order[a]` of it. */
export function stridedSource(
  volume: Volume<NumericVoxelArray>,
  order: AxisOrder = [0, 1, 2],
): StridedSource {
  const own: Vec3 = [1, volume.size[0], volume.size[0] * volume.size[1]];
  return {
    data: volume.data,
    strides: perAxis((a) => own[order[a]]),
    lo: [0, 0, 0],
    size: perAxis((a) => volume.size[order[a]]),
  };
}

/**
 * A source that the engine's threads can read. What already lies on shared memory, or need not, is
 * returned as it is; else the region's voxels are copied, and only those.
 */
export function shareSource(source: StridedSource, region: Region, engine: Engine): StridedSource {
  const { data } = source;
  if (!engine.parallel || isShared(data.buffer)) return source;
  const [nx, ny, nz] = region.size;
  const Class = data.constructor as new (buffer: SharedArrayBuffer) => NumericVoxelArray;
  const bytes = voxelCount(region) * data.BYTES_PER_ELEMENT;
  const copy = new Class(new SharedArrayBuffer(bytes));
  const { strides, lo } = source;
  let to = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, to += nx) {
      const from =
        (region.start[0] - lo[0]) * strides[0] +
        (region.start[1] + y - lo[1]) * strides[1] +
        (region.start[2] + z - lo[2]) * strides[2];
      if (strides[0] === 1) copy.set(data.subarray(from, from + nx), to);
      else for (let x = 0; x < nx; x++) copy[to + x] = data[from + x * strides[0]]!;
    }
  }
  return { data: copy, strides: [1, nx, nx * ny], lo: region.start, size: source.size };
}

function isShared(buffer: ArrayBufferLike): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}
