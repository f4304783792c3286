import {
  assertGrid,
  createVolume,
  type ScalarType,
  type Volume,
  type VoxelArray,
} from '@hecktor/volume';
import { skipBytes, type ByteReader } from '../byte-reader.ts';
import { imageError, type ReadContext } from '../open-file.ts';
import {
  allocateVoxels,
  assertEnough,
  bytesPerVoxel,
  checkSize,
  readVoxelBlocks,
  readVoxels,
  type VoxelLayout,
} from '../voxels.ts';
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
  const header = await readNiftiHeader(reader, context.path);
  const { type, size } = checkNiftiLayout(header, context.path);
  const scaling = scalingOf(header);
  const count = checkSize(size, bytesPerVoxel(resultType(type, scaling)), context);
  const grid = niftiGrid(header, size, context.path);
  assertGrid(grid, { file: context.path });
  const gap = Math.trunc(header.voxOffset) - header.length;
  if (gap > reader.atMost || (await skipBytes(reader, gap)) < gap) {
    const detail = `the file ends before vox_offset ${header.voxOffset}`;
    throw imageError('IMAGE_TRUNCATED', context.path, detail);
  }
  const layout = { type, count, littleEndian: header.littleEndian };
  const data = await readScaled(reader, layout, scaling, context);
  await reader.drain(MAX_TRAILER);
  return createVolume(grid, data, { file: context.path });
}

/** Scaled integers become float32, floats keep their type. */
function resultType(type: ScalarType, scaling: Scaling | undefined): ScalarType {
  return scaling === undefined || type === 'float64' ? type : 'float32';
}

async function readScaled(
  reader: ByteReader,
  layout: VoxelLayout,
  scaling: Scaling | undefined,
  context: ReadContext,
): Promise<VoxelArray> {
  if (scaling === undefined) return readVoxels(reader, layout, context);
  if (layout.type === 'float32' || layout.type === 'float64') {
    const floats = (await readVoxels(reader, layout, context)) as Float32Array | Float64Array;
    scaleInPlace(floats, scaling);
    return floats;
  }
  assertEnough(reader, layout, context);
  const target = allocateVoxels('float32', layout.count, context) as Float32Array;
  await readVoxelBlocks(reader, layout, context, (block, first) =>
    scaleInto(target, first, block, scaling),
  );
  return target;
}
