import {
  assertGrid,
  createVolume,
  type ScalarType,
  type Volume,
  type VoxelArray,
} from '@hecktor/volume';
import { skipBytes, type ByteReader } from '../byte-reader.ts';
import type { ReadContext } from '../open-file.ts';
import { allocateVoxels, bytesPerVoxel, checkSize, VoxelReader } from '../voxels.ts';
import { niftiGrid } from './nifti-geometry.ts';
import { readNiftiHeader } from './nifti-header.ts';
import {
  checkNiftiLayout,
  scaleInPlace,
  scaleInto,
  scalingOf,
  type Scaling,
} from './nifti-voxels.ts';

/** Bytes after the voxels that are read to verify a gzip checksum; more stay unread. */
const MAX_TRAILER = 1 << 20;

/** Reads a NIfTI image from the start of a reader, compressed or not. */
export async function readNifti(reader: ByteReader, context: ReadContext): Promise<Volume> {
  const { path, errors } = context;
  const header = await readNiftiHeader(reader, context);
  const { type, size } = checkNiftiLayout(header, errors);
  const scaling = scalingOf(header);
  const count = checkSize(size, bytesPerVoxel(resultType(type, scaling)), context);
  const grid = niftiGrid(header, size, errors);
  assertGrid(grid, { file: path });
  const gap = Math.trunc(header.voxOffset) - header.length;
  if (gap > reader.atMost || (await skipBytes(reader, gap)) < gap) {
    throw errors.truncated(`the file ends before vox_offset ${header.voxOffset}`);
  }
  const { littleEndian } = header;
  const voxels = new VoxelReader(reader, { type, count, littleEndian }, context);
  const isFloat = type === 'float32' || type === 'float64';
  const data =
    scaling === undefined || isFloat
      ? await voxels.read()
      : await readScaled(voxels, count, scaling, context.shared);
  if (scaling !== undefined && isFloat) {
    scaleInPlace(data as Float32Array | Float64Array, scaling);
  }
  await reader.drain(MAX_TRAILER);
  return createVolume(grid, data, { file: path });
}

/** Scaled integers become float32, floats keep their type. */
function resultType(type: ScalarType, scaling: Scaling | undefined): ScalarType {
  return scaling === undefined || type === 'float64' ? type : 'float32';
}

async function readScaled(
  voxels: VoxelReader,
  count: number,
  scaling: Scaling,
  shared: boolean,
): Promise<VoxelArray> {
  voxels.assertEnough();
  const target = allocateVoxels('float32', count, shared) as Float32Array;
  await voxels.forEachBlock((block, first) => scaleInto(target, first, block, scaling));
  return target;
}
