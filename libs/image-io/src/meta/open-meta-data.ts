import { HecktorError } from '@hecktor/errors';
import { createFileReader, type ByteReader } from '../byte-reader.ts';
import { createInflateReader, type InflateReader } from '../inflate-reader.ts';
import type { OpenFile } from '../open-file.ts';
import type { ReadContext } from '../read-context.ts';
import { bytesPerVoxel } from '../voxel-buffer.ts';
import type { MetaHeader } from './meta-header.ts';

/** Where the voxels of a MetaImage come from. */
export type MetaSource =
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
  const truncated = (detail: string) =>
    new HecktorError('IMAGE_TRUNCATED', { file: context.path, detail });
  if (!header.compressed) {
    const from = atEnd ? size - count * bytesPerVoxel(header.type) : start;
    if (from < 0 || from >= size) throw truncated('there is no data after the header');
    return { compressed: false, reader: createFileReader(handle, from, size) };
  }
  if (atEnd) {
    throw new HecktorError('IMAGE_HEADER_INVALID', {
      file: context.path,
      detail: 'HeaderSize is -1 although the data is compressed',
    });
  }
  if (start >= size) throw truncated('there is no data after the header');
  const length = header.compressedSize ?? size - start;
  if (start + length > size) {
    throw truncated(`CompressedDataSize is ${length}, but only ${size - start} bytes follow`);
  }
  const reader = createInflateReader(handle, start, start + length, context.path);
  return { compressed: true, reader, length };
}
