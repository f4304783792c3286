import { createDeflate } from 'node:zlib';
import { writeAll } from '@hecktor/files';
import { scalarTypeOf, type Grid, type ScalarType, type Volume } from '@hecktor/volume';
import { bytesOf } from '../voxels.ts';
import { writeCompressed, writeImageFile } from '../write-file.ts';
import { elementTypeOf } from './meta-header.ts';

/** Fast, and for label maps within a few per cent of the best. MetaIO's default is 2. */
const COMPRESSION_LEVEL = 3;

/** The size is not known before the data is written: its place is kept with spaces. */
const SIZE_WIDTH = 16;

/** Writes a `.mha` file, the voxels little-endian and, if asked for, as one zlib stream. */
export function writeMetaImage(path: string, volume: Volume, compress: boolean): Promise<void> {
  const type = scalarTypeOf(volume.data);
  const header = (size?: number) =>
    Buffer.from(metaHeader(volume, type, compress ? (size ?? 0) : undefined), 'latin1');
  return writeImageFile(path, async (handle) => {
    await writeAll(handle, header());
    if (!compress) return writeAll(handle, bytesOf(volume.data));
    const compressor = createDeflate({ level: COMPRESSION_LEVEL });
    const size = await writeCompressed(handle, compressor, [bytesOf(volume.data)]);
    const final = header(size);
    await handle.write(final, 0, final.length, 0);
  });
}

/** Fields in the order that ITK writes. Shortest round-trip decimals keep every bit. */
function metaHeader(grid: Grid, type: ScalarType, compressedSize: number | undefined): string {
  const { direction: d } = grid;
  const lines: (readonly [string, string])[] = [
    ['ObjectType', 'Image'],
    ['NDims', '3'],
    ['BinaryData', 'True'],
    ['BinaryDataByteOrderMSB', 'False'],
    ['CompressedData', compressedSize === undefined ? 'False' : 'True'],
  ];
  if (compressedSize !== undefined) {
    lines.push(['CompressedDataSize', String(compressedSize).padEnd(SIZE_WIDTH)]);
  }
  lines.push(
    ['TransformMatrix', [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => String(d[i])).join(' ')],
    ['Offset', grid.origin.join(' ')],
    ['CenterOfRotation', '0 0 0'],
    ['AnatomicalOrientation', orientationOf(grid)],
    ['ElementSpacing', grid.spacing.join(' ')],
    ['DimSize', grid.size.join(' ')],
    ['ElementType', elementTypeOf(type)],
    ['ElementDataFile', 'LOCAL'],
  );
  return lines.map(([key, value]) => `${key} = ${value}\n`).join('');
}

/** MetaIO's letters: the side of the body that each voxel axis comes from, `RAI` for identity. */
function orientationOf({ direction }: Grid): string {
  const letters = ['RL', 'AP', 'IS'];
  return [0, 1, 2]
    .map((axis) => {
      const column = [0, 1, 2].map((row) => direction[row * 3 + axis]!);
      const world = column.reduce(
        (best, value, row) => (Math.abs(value) > Math.abs(column[best]!) ? row : best),
        0,
      );
      return letters[world]![column[world]! < 0 ? 1 : 0];
    })
    .join('');
}
