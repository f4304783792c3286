import { HecktorError, isHecktorError } from '@hecktor/errors';
import {
  createFileReader,
  createInflateReader,
  type ByteReader,
  type InflateReader,
} from '../byte-reader.ts';
import { imageError, type OpenFile, type ReadContext } from '../open-file.ts';
import { bytesPerVoxel, fillVoxels } from '../voxels.ts';
import type { MetaHeader } from './meta-header.ts';

/** Where the voxels of a MetaImage come from. */
type MetaSource =
  | { readonly compressed: false; readonly reader: ByteReader }
  | { readonly compressed: true; readonly reader: InflateReader; readonly length: number };

/**
 * Opens the voxel data of a MetaImage at `start` in its file.
 *
 * @throws HecktorError IMAGE_TRUNCATED when there is no data or less than `CompressedDataSize`.
 */
export function openMetaData(
  file: OpenFile,
  start: number,
  header: MetaHeader,
  count: number,
  context: ReadContext,
): MetaSource {
  const { handle, size } = file;
  const atEnd = header.headerSize === -1;
  const truncated = (detail: string) => imageError('IMAGE_TRUNCATED', context.path, detail);
  if (!header.compressed) {
    const from = atEnd ? size - count * bytesPerVoxel(header.type) : start;
    if (from < 0 || from >= size) throw truncated('there is no data after the header');
    return { compressed: false, reader: createFileReader(handle, from, size) };
  }
  if (atEnd) {
    const detail = 'HeaderSize is -1 although the data is compressed';
    throw imageError('IMAGE_HEADER_INVALID', context.path, detail);
  }
  if (start >= size) throw truncated('there is no data after the header');
  const length = header.compressedSize ?? size - start;
  if (start + length > size) {
    throw truncated(`CompressedDataSize is ${length}, but only ${size - start} bytes follow`);
  }
  const reader = createInflateReader(handle, start, start + length, context.path);
  return { compressed: true, reader, length };
}

/** Uncompressed data may be followed by a little padding; more means that the header is wrong. */
const MAX_PADDING = 4096;

/**
 * Fills `target` with the voxels of an opened source and checks that they end where the header
 * says.
 *
 * @throws HecktorError IMAGE_TRUNCATED, IMAGE_DATA_CORRUPT, or IMAGE_HEADER_INVALID when
 * `CompressedDataSize` or `DimSize` does not fit the data.
 */
export async function readMetaData(
  source: MetaSource,
  header: MetaHeader,
  target: Uint8Array,
  context: ReadContext,
): Promise<void> {
  const { type, littleEndian } = header;
  const count = target.length / bytesPerVoxel(type);
  const padding = source.compressed ? 0 : MAX_PADDING;
  let left: number;
  try {
    await fillVoxels(source.reader, { type, count, littleEndian }, target, context);
    left = await source.reader.drain(padding);
  } catch (error) {
    throw explainSize(error, source, header, context);
  }
  if (left > padding) {
    const detail = `there is more data than DimSize ${header.dims.join(' ')} needs`;
    throw imageError('IMAGE_HEADER_INVALID', context.path, detail);
  }
  if (source.compressed && header.compressedSize !== undefined) {
    const used = source.reader.consumed();
    if (used !== header.compressedSize) {
      const detail = `CompressedDataSize is ${header.compressedSize}, the data takes ${used} bytes`;
      throw imageError('IMAGE_HEADER_INVALID', context.path, detail);
    }
  }
}

/** A stream that breaks off inside a longer file means that `CompressedDataSize` is too small. */
function explainSize(
  error: unknown,
  source: MetaSource,
  header: MetaHeader,
  context: ReadContext,
): unknown {
  if (!isHecktorError(error, 'IMAGE_TRUNCATED')) return error;
  if (!source.compressed || header.compressedSize === undefined) return error;
  return new HecktorError('IMAGE_TRUNCATED', {
    file: context.path,
    detail: `${error.detail ?? 'the data ends early'}; CompressedDataSize is ${header.compressedSize}`,
    cause: 'an interrupted copy, or a wrong CompressedDataSize in the header',
    fix: 'copy the file again, or write it again with a tool such as SimpleITK',
    origin: error.cause,
  });
}
