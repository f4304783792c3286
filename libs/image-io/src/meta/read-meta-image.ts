import type { FileHandle } from 'node:fs/promises';
import { assertGrid, createVolume, type Volume } from '@hecktor/volume';
import { createFileReader } from '../byte-reader.ts';
import { imageError, openFile, type OpenFile, type ReadContext } from '../open-file.ts';
import { allocateVoxels, assertEnough, bytesOf, bytesPerVoxel, checkSize } from '../voxels.ts';
import { listDataFiles, resolveReference } from './data-files.ts';
import { parseMetaHeader } from './meta-fields.ts';
import { interpretMetaHeader, type MetaHeader } from './meta-header.ts';
import { openMetaData, readMetaData } from './read-meta-data.ts';

/** Headers are a few hundred bytes; comments and private fields may make them longer. */
const MAX_HEADER_BYTES = 1 << 20;

/** Reads a MetaImage, whose voxels are in the same file or in files that the header names. */
export async function readMetaImage(file: OpenFile, context: ReadContext): Promise<Volume> {
  const head = await readHead(file.handle, Math.min(file.size, MAX_HEADER_BYTES));
  const fields = parseMetaHeader(head, context.path);
  if (fields === undefined) {
    const detail = 'the header does not end with an ElementDataFile line';
    throw imageError('IMAGE_HEADER_INVALID', context.path, detail);
  }
  const header = interpretMetaHeader(fields, context.path);
  assertGrid(header.grid, { file: context.path });
  checkSize(header.grid.size, bytesPerVoxel(header.type), context);
  if (header.dataFile.toUpperCase() === 'LOCAL') {
    const start = header.headerSize > 0 ? header.headerSize : fields.end;
    return readOneFile(file, start, header, context);
  }
  const rest = head.toString('latin1', fields.end);
  const { names, voxelsEach } = listDataFiles(header, rest, context.path);
  if (names.length === 1) {
    const data = await openFile(await resolveReference(names[0]!, context));
    try {
      return await readOneFile(data, Math.max(0, header.headerSize), header, context);
    } finally {
      await data.handle.close();
    }
  }
  return readManyFiles(names, voxelsEach, header, context);
}

async function readHead(handle: FileHandle, length: number): Promise<Buffer> {
  const head = Buffer.alloc(length);
  const got = await createFileReader(handle, 0, length).read(head);
  return head.subarray(0, got);
}

async function readOneFile(
  file: OpenFile,
  start: number,
  header: MetaHeader,
  context: ReadContext,
): Promise<Volume> {
  const count = header.grid.size[0] * header.grid.size[1] * header.grid.size[2];
  const source = openMetaData(file, start, header, count, context);
  try {
    const { type, littleEndian } = header;
    assertEnough(source.reader, { type, count, littleEndian }, context);
    const data = allocateVoxels(type, count, context);
    await readMetaData(source, header, bytesOf(data), context);
    return createVolume(header.grid, data, { file: context.path });
  } finally {
    source.reader.close();
  }
}

async function readManyFiles(
  names: readonly string[],
  voxelsEach: number,
  header: MetaHeader,
  context: ReadContext,
): Promise<Volume> {
  const paths: string[] = [];
  for (const name of names) paths.push(await resolveReference(name, context));
  const each = voxelsEach * bytesPerVoxel(header.type);
  await assertPresent(paths, header.compressed ? 1 : each, context);
  const data = allocateVoxels(header.type, voxelsEach * names.length, context);
  const bytes = bytesOf(data);
  const perFile = { ...header, compressedSize: undefined };
  const quiet = { ...context, onProgress: () => {} };
  for (const [i, path] of paths.entries()) {
    const file = await openFile(path);
    try {
      const start = Math.max(0, header.headerSize);
      const source = openMetaData(file, start, perFile, voxelsEach, context);
      try {
        const target = bytes.subarray(i * each, (i + 1) * each);
        await readMetaData(source, perFile, target, quiet);
      } finally {
        source.reader.close();
      }
    } finally {
      await file.handle.close();
    }
    context.onProgress((i + 1) / paths.length);
  }
  return createVolume(header.grid, data, { file: context.path });
}

/** Looks at every file before the volume is allocated, so that a bad list costs no memory. */
async function assertPresent(paths: readonly string[], least: number, context: ReadContext) {
  for (const path of paths) {
    const file = await openFile(path);
    await file.handle.close();
    if (file.size < least) {
      const detail = `a data file has ${file.size} bytes, expected at least ${least}`;
      throw imageError('IMAGE_TRUNCATED', context.path, detail);
    }
  }
}
