import { readFileSync } from 'node:fs';
import {
  describeJsonFault,
  parseClinicalRecord,
  parseTolerantJson,
  type ParsedRecord,
  type TolerantJson,
} from '@hecktor/clinical';
import { HecktorError, type ErrorFacts } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { sniffFormat, type FileFormat } from '@hecktor/image-io';
import { look, unreadable } from './look.ts';

/** No JSON input of the challenge comes near this; a larger file is not one. */
const MAX_BYTES = 4 * 2 ** 20;

/** Reads a JSON input. No message quotes the content, which is a patient's. */
export function readJson(path: string): TolerantJson {
  const text = readJsonText(path);
  try {
    return parseTolerantJson(text);
  } catch (error) {
    throw invalid(path, describeJsonFault(error), error);
  }
}

/** @throws HecktorError INPUT_JSON_INVALID for no file, or one that is obviously something else. */
function readJsonText(path: string): string {
  const stat = look(path, 'INPUT_JSON_INVALID');
  if (stat === undefined) {
    const detail = isThere(path) ? 'it is a link that leads nowhere' : 'the file does not exist';
    throw invalid(path, detail);
  }
  if (!stat.isFile()) throw invalid(path, 'it is not a file');
  const { size } = stat;
  if (size > MAX_BYTES) throw invalid(path, `it has ${size} bytes, more than ${MAX_BYTES}`);
  if (size === 0) throw invalid(path, 'the file is empty');
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw unreadable(path, 'INPUT_JSON_INVALID', error);
  }
  assertText(path, bytes);
  if (isUtf16(bytes)) throw invalid(path, 'it is UTF-16 text, expected UTF-8');
  return bytes.toString('utf8');
}

/** Names what is often found in place of a JSON file. */
function assertText(file: string, bytes: Uint8Array): void {
  const { kind, name } = sniffFormat(bytes);
  if (kind === 'json' || name === undefined) return;
  const facts = { detail: `it is ${name}`, ...ANOTHER_FILE, ...MISTAKES[kind] };
  throw new HecktorError('INPUT_JSON_INVALID', { file, ...facts });
}

const ANOTHER_FILE = {
  cause: 'another file was saved or copied under this name',
  fix: 'put the JSON file itself there',
};
const MISTAKES: Partial<Record<FileFormat['kind'], ErrorFacts>> = {
  'lfs-pointer': {
    detail: 'it is a Git LFS pointer, not the file itself',
    cause: 'the repository was cloned without Git LFS',
    fix: 'run `git lfs pull` and copy the file again',
  },
  html: { cause: 'a download link that needed a login', fix: 'download the file again' },
};

function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function invalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('INPUT_JSON_INVALID', { file, detail, origin });
}

/** Reads a clinical record, an object of values by name. */
export function readClinicalRecord(path: string): ParsedRecord {
  return parseClinicalRecord(readJsonText(path), { file: path });
}
