import { HecktorError, isHecktorError } from '@hecktor/errors';
import { assertGrid, createVolume, type Volume } from '@hecktor/volume';
import { createFileReader, createInflateReader, type ByteReader } from '../byte-reader.ts';
import { withFile, type OpenFile, type ReadContext } from '../open-file.ts';
import { allocateVoxels, bytesOf, bytesPerVoxel, checkSize, VoxelReader } from '../voxels.ts';
import { listDataFiles, resolveReference } from './data-files.ts';
import { parseMetaHeader } from './meta-fields.ts';
import { interpretMetaHeader, type MetaHeader } from './meta-header.ts';

/** Headers are a few hundred bytes; comments and private fields may make them longer. */
const MAX_HEADER_BYTES = 1 << 20;

/** Reads a MetaImage, whose voxels are in the same file or in files that the header names. */
export async function readMetaImage(file: OpenFile, context: ReadContext): Promise<Volume> {
  const head = Buffer.alloc(Math.min(file.size, MAX_HEADER_BYTES));
  await createFileReader(file.handle, 0, head.length).read(head);
  const fields = parseMetaHeader(head, context.errors);
  if (fields === undefined) {
    throw context.errors.invalid('the header does not end with an ElementDataFile line');
  }
  const header = interpretMetaHeader(fields, context.errors);
  const { grid, type, dataFile, headerSize } = header;
  assertGrid(grid, { file: context.path });
  const voxels = checkSize(grid.size, bytesPerVoxel(type), context);
  if (dataFile.toUpperCase() === 'LOCAL') {
    const start = headerSize > 0 ? headerSize : fields.end;
    return readParts([{ path: context.path, start, voxels }], header, context);
  }
  const rest = head.toString('latin1', fields.end);
  const { names, voxelsEach } = listDataFiles(header, rest, context.errors);
  const parts: Part[] = [];
  for (const name of names) {
    const path = await resolveReference(name, context);
    parts.push({ path, start: Math.max(0, headerSize), voxels: voxelsEach });
  }
  // The size of compressed data is that of one file.
  const each = names.length === 1 ? header : { ...header, compressedSize: undefined };
  return readParts(parts, each, context);
}

/** A run of voxels: the file that holds it and where in it. */
interface Part {
  readonly path: string;
  readonly start: number;
  readonly voxels: number;
}

async function readParts(
  parts: readonly Part[],
  header: MetaHeader,
  context: ReadContext,
): Promise<Volume> {
  const { type, littleEndian, grid } = header;
  const each = parts[0]!.voxels * bytesPerVoxel(type);
  const eachPart = async (
    use: (voxels: VoxelReader, reader: ByteReader, i: number) => Promise<void> | void,
  ): Promise<void> => {
    for (const [i, { path, start, voxels: count }] of parts.entries()) {
      const onProgress = (share: number) => context.onProgress((i + share) / parts.length);
      await withFile(path, async (file) => {
        const reader = openData(file, start, header, each, context);
        const layout = { type, count, littleEndian };
        try {
          await use(new VoxelReader(reader, layout, { ...context, onProgress }), reader, i);
        } finally {
          reader.close();
        }
      });
    }
  };
  // All files are looked at before the volume is allocated, so that a bad list costs no memory.
  await eachPart((voxels) => voxels.assertEnough());
  const data = allocateVoxels(type, parts.length * parts[0]!.voxels, context.shared);
  await eachPart(async (voxels, reader, i) => {
    const target = bytesOf(data).subarray(i * each, (i + 1) * each);
    await readPart(voxels, reader, target, header, context);
  });
  return createVolume(grid, data, { file: context.path });
}

/**
 * Opens the voxel data at `start` in its file.
 *
 * @param bytes Bytes of the voxels, not compressed.
 * @throws HecktorError IMAGE_TRUNCATED when there is no data or less than `CompressedDataSize`.
 */
function openData(
  { handle, size }: OpenFile,
  start: number,
  header: MetaHeader,
  bytes: number,
  { path, errors }: ReadContext,
): ByteReader {
  const atEnd = header.headerSize === -1;
  if (!header.compressed) {
    const from = atEnd ? size - bytes : start;
    if (from < 0 || from >= size) throw errors.truncated('there is no data after the header');
    return createFileReader(handle, from, size);
  }
  if (atEnd) throw errors.invalid('HeaderSize is -1 although the data is compressed');
  if (start >= size) throw errors.truncated('there is no data after the header');
  const length = header.compressedSize ?? size - start;
  if (start + length > size) {
    const detail = `CompressedDataSize is ${length}, but only ${size - start} bytes follow`;
    throw errors.truncated(detail);
  }
  return createInflateReader(handle, start, start + length, path);
}

/** Uncompressed data may be followed by a little padding; more means that the header is wrong. */
const MAX_PADDING = 4096;

/**
 * Fills `target` and checks that the voxels end where the header says.
 */
async function readPart(
  voxels: VoxelReader,
  reader: ByteReader,
  target: Uint8Array,
  { compressed, compressedSize, dims }: MetaHeader,
  { path, errors }: ReadContext,
): Promise<void> {
  const padding = compressed ? 0 : MAX_PADDING;
  const expected = compressed ? compressedSize : undefined;
  let left: number;
  try {
    await voxels.fill(target);
    left = await reader.drain(padding);
  } catch (error) {
    if (!isHecktorError(error, 'IMAGE_TRUNCATED') || expected === undefined) throw error;
    // The stream may break off inside a longer file.
    throw new HecktorError('IMAGE_TRUNCATED', {
      file: path,
      detail: `${error.detail ?? 'the data ends early'}; CompressedDataSize is ${expected}`,
      cause: 'an interrupted copy, or a wrong CompressedDataSize in the header',
      fix: 'copy the file again, or write it again with a tool such as SimpleITK',
      origin: error.cause,
    });
  }
  if (left > padding) {
    throw errors.invalid(`there is more data than DimSize ${dims.join(' ')} needs`);
  }
  const used = reader.consumed();
  if (expected !== undefined && used !== expected) {
    throw errors.invalid(`CompressedDataSize is ${expected}, the data takes ${used} bytes`);
  }
}
