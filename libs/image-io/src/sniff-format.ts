/** What a file is, by its first bytes. */
export interface FileFormat {
  readonly kind: keyof typeof NAMES | 'json' | 'unknown';
  /** As a message calls it, e.g. "a web page"; undefined where nothing is recognised. */
  readonly name: string | undefined;
}

const NAMES = {
  metaimage: 'MetaImage',
  nifti: 'NIfTI',
  gzip: 'gzip data',
  tiff: 'TIFF',
  nrrd: 'NRRD',
  dicom: 'DICOM',
  'lfs-pointer': 'a Git LFS pointer',
  html: 'a web page',
} as const;

/** Number of bytes {@link sniffFormat} wants to see; fewer are enough for short files. */
export const SNIFF_BYTES = 8192;

/** First bytes, as latin-1, of things that people put where an image belongs. */
const FAMILIAR: readonly (readonly [start: string, name: string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x89HDF', 'an HDF5 or MINC file'],
  ['CDF\x01', 'a NetCDF or MINC file'],
  ['\x93NUMPY', 'a NumPy array'],
  ['%PDF', 'a PDF document'],
  ['BZh', 'bzip2 data'],
  ['\xfd7zXZ', 'xz data'],
  ['\x28\xb5\x2f\xfd', 'Zstandard data'],
  ['<?xml', 'an XML document'],
  ['/annex/objects/', 'a git-annex pointer'],
];

/**
 * Recognises a file by its content; its name is not asked. Order matters: a NIfTI header is looked
 * for before DICOM without preamble, whose mark is weaker.
 */
export function sniffFormat(head: Uint8Array): FileFormat {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFF_BYTES));
  const latin1 = bytes.toString('latin1');
  const kind = kindOf(bytes, latin1);
  if (kind !== undefined) return { kind, name: NAMES[kind] };
  if (/^[{[]/.test(latin1)) return { kind: 'json', name: 'JSON text' };
  return { kind: 'unknown', name: FAMILIAR.find(([start]) => latin1.startsWith(start))?.[1] };
}

function kindOf(bytes: Buffer, latin1: string): keyof typeof NAMES | undefined {
  if (latin1.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (isNifti(bytes)) return 'nifti';
  if (/^(?:II[*+]\0|MM\0[*+])/.test(latin1)) return 'tiff';
  if (latin1.startsWith('NRRD')) return 'nrrd';
  if (looksLikeDicom(bytes)) return 'dicom';
  if (isHtml(latin1)) return 'html';
  return isMetaImage(latin1) ? 'metaimage' : undefined;
}

/** A NIfTI or ANALYZE header begins with its own length, in either byte order. */
function isNifti(head: Buffer): boolean {
  if (head.length < 348) return false;
  const lengths = [head.readInt32LE(0), head.readInt32BE(0)];
  return lengths.includes(348) || lengths.includes(540);
}

function isHtml(latin1: string): boolean {
  const start = latin1.replace(/^(?:\xef\xbb\xbf)?\s*/, '').slice(0, 1024);
  return /^<(?:!doctype\s+html|html|head|body|!--|\?xml[^>]*>\s*(?:<!doctype\s+)?html)/i.test(
    start,
  );
}

/** The first line is `Key = value` or `Key : value` and one of the telling keys follows. */
function isMetaImage(latin1: string): boolean {
  return (
    /^\s*[A-Za-z][A-Za-z0-9_ ]{0,80}[=:]/.test(latin1) &&
    /(?:^|[\r\n])\s*(?:NDims|DimSize|ElementType|ElementDataFile)\s*[=:]/.test(latin1)
  );
}

/** Value representations of DICOM's explicit transfer syntaxes. */
const VALUE_REPRESENTATIONS =
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV';

/** True for a DICOM file, with its 128-byte preamble or, as old exports are, without. */
function looksLikeDicom(head: Buffer): boolean {
  if (head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM') return true;
  return startsWithElement(head, true) || startsWithElement(head, false);
}

/**
 * True when the first bytes are a data element of group 0002 or 0008 and a second element of a
 * group as high or higher follows it.
 */
function startsWithElement(head: Buffer, littleEndian: boolean): boolean {
  if (head.length < 16) return false;
  const u16 = (at: number) => (littleEndian ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const u32 = (at: number) => (littleEndian ? head.readUInt32LE(at) : head.readUInt32BE(at));
  const group = u16(0);
  if (group !== 2 && group !== 8) return false;
  const explicit = VALUE_REPRESENTATIONS.split(' ').includes(head.toString('latin1', 4, 6));
  const length = explicit ? u16(6) : u32(4);
  const next = 8 + length;
  if (length > 1024 || length % 2 === 1) return false;
  if (next + 4 > head.length) return explicit;
  return u16(next) >= group && u16(next) <= 0x0010;
}
