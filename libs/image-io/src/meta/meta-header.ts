import type { Grid, ScalarType } from '@hecktor/volume';
import type { ImageErrors } from '../open-file.ts';
import { toGrid } from '../voxels.ts';
import { MetaFieldReader, type MetaFields } from './meta-fields.ts';

/** What a MetaImage header says. Two-dimensional images have become one slice. */
export type MetaHeader = Readonly<ReturnType<typeof interpretMetaHeader>>;

/**
 * MetaIO's names, of several for one type that to write first; MET_LONG has four bytes on disk,
 * whatever the machine.
 */
const ELEMENT_TYPES: Readonly<Record<string, ScalarType>> = {
  MET_CHAR: 'int8',
  MET_ASCII_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** The name under which voxels of a type are written. */
export function elementTypeOf(type: ScalarType): string {
  return Object.keys(ELEMENT_TYPES).find((name) => ELEMENT_TYPES[name] === type)!;
}

/** Interprets the fields of a MetaImage header as ITK does. */
export function interpretMetaHeader({ values }: MetaFields, errors: ImageErrors) {
  const fields = new MetaFieldReader(values, errors);
  const { unsupported } = errors;

  const objectType = fields.text('ObjectType');
  if (objectType !== undefined && objectType !== 'Image') {
    throw unsupported(`ObjectType is ${objectType}, not Image`);
  }
  const nDims = fields.integer('NDims') ?? fields.missing('NDims');
  if (nDims < 1 || nDims > 10) throw fields.invalid(`NDims is ${nDims}`);
  const dims = fields.numbers('DimSize', nDims) ?? fields.missing('DimSize');
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw fields.invalid(`DimSize is ${dims.join(' ')}, expected whole numbers >= 1`);
  }
  if (nDims === 1 || dims.slice(3).some((n) => n !== 1)) {
    throw unsupported(`it has ${nDims} dimensions (${dims.join(' x ')})`);
  }
  const channels = fields.integer('ElementNumberOfChannels') ?? 1;
  if (channels !== 1) throw unsupported(`each voxel has ${channels} components`);
  if (!(fields.flag('BinaryData') ?? true)) throw unsupported('the voxels are written as text');
  const slope = fields.numbers('ElementToIntensityFunctionSlope', 1)?.[0] ?? 1;
  const offset = fields.numbers('ElementToIntensityFunctionOffset', 1)?.[0] ?? 0;
  if (slope !== 1 || offset !== 0) {
    throw unsupported('ElementToIntensityFunction is set, which ITK ignores');
  }
  const units = fields.text('DistanceUnits');
  if (units !== undefined && units !== 'mm' && units !== '?') {
    throw unsupported(`DistanceUnits is ${units}, not mm`);
  }
  const typeName = fields.text('ElementType') ?? fields.missing('ElementType');
  const type = ELEMENT_TYPES[typeName];
  if (type === undefined) throw unsupported(`ElementType is ${typeName}`);
  const compressedSize = fields.integer('CompressedDataSize');
  if (compressedSize !== undefined && compressedSize < 0) {
    throw fields.invalid(`CompressedDataSize is ${compressedSize}`);
  }
  const headerSize = fields.integer('HeaderSize') ?? 0;
  if (headerSize < -1) throw fields.invalid(`HeaderSize is ${headerSize}`);
  const isMsb =
    fields.flag('BinaryDataByteOrderMSB') ?? fields.flag('ElementByteOrderMSB') ?? false;
  return {
    grid: readGrid(fields, nDims, dims),
    type,
    littleEndian: !isMsb,
    compressed: fields.flag('CompressedData') ?? false,
    /** Bytes of compressed data, when the header says so. */
    compressedSize: compressedSize === 0 ? undefined : compressedSize,
    /** Offset of the data in its file; -1: the data is the end of the file. */
    headerSize,
    /** `DimSize` as written. */
    dims,
    dataFile: fields.text('ElementDataFile') ?? fields.missing('ElementDataFile'),
  };
}

/** Synonyms; where a file has several, MetaIO takes the first of these. */
const ORIGIN_FIELDS = ['ImagePosition', 'Origin', 'Offset', 'Position'];
const DIRECTION_FIELDS = ['TransformMatrix', 'Rotation', 'Orientation'];

function readGrid(fields: MetaFieldReader, nDims: number, dims: readonly number[]): Grid {
  const first = (names: readonly string[], count: number) => {
    let found: readonly number[] | undefined;
    for (const name of names) found ??= fields.numbers(name, count);
    return found;
  };
  const spacing = first(['ElementSpacing', 'ElementSize'], nDims) ?? [];
  const origin = first(ORIGIN_FIELDS, nDims) ?? [];
  const matrix = first(DIRECTION_FIELDS, nDims * nDims);
  // Row `axis` of the file's matrix is the direction of that voxel axis.
  const cosine = (row: number, axis: number) => matrix?.[axis * nDims + row];
  return toGrid(nDims, { size: dims, spacing, origin }, cosine);
}
