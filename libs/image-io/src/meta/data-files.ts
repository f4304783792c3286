import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, win32 } from 'node:path';
import { isBelow } from '@hecktor/files';
import type { ImageErrors, ReadContext } from '../open-file.ts';
import type { MetaHeader } from './meta-header.ts';

/** The data files of a MetaImage header, and how many voxels each one holds. */
interface DataFiles {
  readonly names: readonly string[];
  readonly voxelsEach: number;
}

/** Longest path of Linux, in bytes. */
const MAX_NAME = 4096;
/** Far more slices than a scanner makes, few enough to look for each. */
const MAX_FILES = 20_000;

/**
 * Lists the data files that `ElementDataFile` stands for: one name; `LIST [dims]` with a name per
 * line after the header; or a printf pattern with first number, last number and step.
 *
 * @param rest the text after the header's last line
 * @throws HecktorError IMAGE_HEADER_INVALID when their number does not fit the image.
 */
export function listDataFiles(
  { dataFile, dims }: MetaHeader,
  rest: string,
  { invalid }: ImageErrors,
): DataFiles {
  const voxels = dims.reduce((a, b) => a * b, 1);
  if (dataFile.length > MAX_NAME) {
    throw invalid(`ElementDataFile has ${dataFile.length} characters, more than a path can have`);
  }
  const expectCount = (names: readonly string[], count: number): DataFiles => {
    if (names.length === count) return { names, voxelsEach: voxels / count };
    throw invalid(`ElementDataFile lists ${names.length} files, DimSize needs ${count}`);
  };
  const list = /^LIST(?:\s+(\d+)\w*)?$/.exec(dataFile);
  if (list !== null) {
    const wanted = Number(list[1] ?? 0);
    const fileDims = wanted === 0 || wanted > dims.length ? dims.length - 1 : wanted;
    const voxelsEach = dims.slice(0, fileDims).reduce((a, b) => a * b, 1);
    const names = rest
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    return expectCount(names, voxels / voxelsEach);
  }
  if (!dataFile.includes('%')) return { names: [dataFile], voxelsEach: voxels };
  const slices = dims.at(-1) ?? 1;
  if (slices > MAX_FILES) {
    throw invalid(`ElementDataFile stands for ${slices} files, expected at most ${MAX_FILES}`);
  }
  return expectCount(expandPattern(dataFile, slices, invalid), slices);
}

/** `slice%03d.raw 1 20 1`: printf pattern, first, last, step; the numbers may be left out. */
function expandPattern(
  dataFile: string,
  slices: number,
  invalid: ImageErrors['invalid'],
): string[] {
  const match = /^(.*?)(?:\s+(\d+))?(?:\s+(\d+))?(?:\s+(\d+))?$/.exec(dataFile);
  const pattern = match?.[1] ?? dataFile;
  const field = /%(0?)(\d{0,2})[di]/.exec(pattern);
  if (field === null || pattern.split('%').length !== 2) {
    throw invalid('ElementDataFile is a pattern with other than one %d');
  }
  const first = Number(match?.[2] ?? 1);
  const last = match?.[3] === undefined ? first + slices - 1 : Number(match[3]);
  const step =
    match?.[4] === undefined ? Math.max(1, Math.trunc((last - first) / slices)) : Number(match[4]);
  const names: string[] = [];
  for (let i = first; step > 0 && i <= last && names.length < slices; i += step) {
    const digits = String(i).padStart(Number(field[2] ?? 0), field[1] === '0' ? '0' : ' ');
    names.push(pattern.replace(field[0], () => digits));
  }
  return names;
}

/**
 * The real path of a file that an image header names, relative to the header.
 *
 * @throws HecktorError IMAGE_OUTSIDE_FOLDER for an absolute path, a parent folder, or a link that
 * leads out of `context.root` and of the header's own folder; IMAGE_DATA_FILE_MISSING when there is
 * no such file.
 */
export async function resolveReference(name: string, context: ReadContext): Promise<string> {
  const { invalid, outside, noDataFile } = context.errors;
  if (name === '' || name.includes('\0')) {
    throw invalid('the name of a data file is empty or holds a null byte');
  }
  if (isAbsolute(name) || win32.isAbsolute(name) || /^[A-Za-z]:/.test(name)) {
    throw outside(`"${name}" is an absolute path`);
  }
  if (name.split(/[\\/]/).includes('..')) throw outside(`"${name}" leads to a parent folder`);
  // A header that is itself a link may have its data beside the link or beside its own file.
  const own = dirname(await realpath(context.path));
  const folders = [await realpath(context.root), own];
  const target =
    (await realFile(join(dirname(context.path), name))) ?? (await realFile(join(own, name)));
  if (target === undefined) throw noDataFile(`"${name}" is not there`);
  if (!folders.some((folder) => isBelow(folder, target))) {
    throw outside(`"${name}" is a link that leads out of the folder`);
  }
  return target;
}

const realFile = (path: string): Promise<string | undefined> =>
  realpath(path).catch(() => undefined);
