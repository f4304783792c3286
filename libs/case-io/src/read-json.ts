import { readFileSync } from 'node:fs';
import {
  describeJsonFault,
  parseClinicalRecord,
  parseTolerantJson,
  type ParsedRecord,
  type TolerantJson,
} from '@hecktor/clinical';
import { HecktorError } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { sniffFormat } from '@hecktor/image-io';
import { look, unreadable } from './look.ts';

/** No JSON input of the challenge comes near this; a larger file is not one. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Reads a JSON input.
 *
 * @throws HecktorError INPUT_JSON_INVALID as {@link readJsonText} does, and when it is not JSON. The
 * message never quotes the content, which is a patient's.
 */
export function readJson(path: string): TolerantJson {
  const text = readJsonText(path);
  try {
    return parseTolerantJson(text);
  } catch (error) {
    throw invalid(path, describeJsonFault(error), error);
  }
}

/**
 * Reads the text of a JSON input.
 *
 * @throws HecktorError INPUT_JSON_INVALID when it is not a file, empty, too large, closed to us or
 * obviously something else.
 */
function readJsonText(path: string): string {
  const stat = look(path, 'INPUT_JSON_INVALID');
  if (stat === undefined) {
    const detail = isThere(path) ? 'it is a link that leads nowhere' : 'the file does not exist';
    throw invalid(path, detail);
  }
  if (!stat.isFile()) throw invalid(path, 'it is not a file');
  if (stat.size > MAX_BYTES) {
    throw invalid(path, `it has ${stat.size} bytes, more than ${MAX_BYTES}`);
  }
  if (stat.size === 0) throw invalid(path, 'the file is empty');
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
  const refuse = (detail: string, cause: string, fix: string): never => {
    throw new HecktorError('INPUT_JSON_INVALID', { file, detail, cause, fix });
  };
  switch (kind) {
    case 'lfs-pointer':
      return refuse(
        'it is a Git LFS pointer, not the file itself',
        'the repository was cloned without Git LFS',
        'run `git lfs pull` and copy the file again',
      );
    case 'html':
      return refuse(
        'it is a web page',
        'a download link that needed a login',
        'download the file again',
      );
    default:
      if (kind === 'json' || name === undefined) return;
      return refuse(
        `it is ${name}`,
        'another file was saved or copied under this name',
        'put the JSON file itself there',
      );
  }
}

function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function invalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('INPUT_JSON_INVALID', { file, detail, origin });
}

/**
 * Reads a clinical record, an object of values by name.
 *
 * @throws HecktorError INPUT_JSON_INVALID
 */
export function readClinicalRecord(path: string): ParsedRecord {
  return parseClinicalRecord(readJsonText(path), { file: path });
}
