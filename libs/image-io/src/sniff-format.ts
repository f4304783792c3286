import { looksLikeDicom } from './sniff-dicom.ts';

/** What a file is, by its first bytes. */
export type SniffedFormat =
  | { readonly kind: 'metaimage' | 'nifti' | 'gzip' | 'tiff' | 'nrrd' | 'dicom' }
  | { readonly kind: 'lfs-pointer' | 'html' }
  | { readonly kind: 'unknown'; readonly name?: string };

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
  ['{', 'JSON text'],
  ['[', 'JSON text'],
];

/**
 * Recognises a file by its content; its name is not asked. Order matters: a NIfTI header is looked
 * for before DICOM without preamble, whose mark is weaker.
 */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFF_BYTES));
  const latin1 = text.toString('latin1');
  if (latin1.startsWith('version https://git-lfs')) return { kind: 'lfs-pointer' };
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  if (isNifti(text)) return { kind: 'nifti' };
  if (/^(?:II[*+]\0|MM\0[*+])/.test(latin1)) return { kind: 'tiff' };
  if (latin1.startsWith('NRRD')) return { kind: 'nrrd' };
  if (looksLikeDicom(text)) return { kind: 'dicom' };
  if (isHtml(latin1)) return { kind: 'html' };
  if (isMetaImage(latin1)) return { kind: 'metaimage' };
  const familiar = FAMILIAR.find(([start]) => latin1.startsWith(start));
  return familiar === undefined ? { kind: 'unknown' } : { kind: 'unknown', name: familiar[1] };
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
    start.replace('<!DOCTYPE html', '<!doctype html'),
  );
}

/** The first line is `Key = value` or `Key : value` and one of the telling keys follows. */
function isMetaImage(latin1: string): boolean {
  return (
    /^\s*[A-Za-z][A-Za-z0-9_ ]{0,80}[=:]/.test(latin1) &&
    /(?:^|[\r\n])\s*(?:NDims|DimSize|ElementType|ElementDataFile)\s*[=:]/.test(latin1)
  );
}
