import { readFileSync, statSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import { parseCsv, type Table } from './parse-csv.ts';

/**
 * Reads a table of comma-separated UTF-8 text.
 *
 * @throws HecktorError COHORT_INVALID when it is no file, cannot be read, is of another encoding, or as
 * {@link parseCsv} does.
 */
export function readTable(file: string): Table {
  let bytes: Buffer;
  try {
    // Reading a pipe would wait for a writer forever.
    if (!statSync(file).isFile()) throw invalid(file, 'it is not a file');
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof HecktorError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw invalid(file, `it cannot be read (${code})`, 'a link to nothing or missing permissions');
  }
  return parseCsv(decode(bytes, file), file);
}

function decode(bytes: Buffer, file: string): string {
  try {
    // UTF-16 without its mark passes for UTF-8 that is half zeros.
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read on regardless, letters would turn into others, and categories into unknown ones.
  }
  throw invalid(
    file,
    'it is not UTF-8 text',
    'a spreadsheet saved it in the encoding of its system, or as UTF-16',
    'save it as "CSV UTF-8"',
  );
}

function invalid(file: string, detail: string, cause?: string, fix?: string): HecktorError {
  return new HecktorError('COHORT_INVALID', {
    file,
    detail,
    ...(cause !== undefined && { cause }),
    ...(fix !== undefined && { fix }),
  });
}
