import { readFileSync, statSync, type Stats } from 'node:fs';
import {
  parseClinicalRecord,
  parseTolerantJson,
  type ParsedRecord,
  type TolerantJson,
} from '@hecktor/clinical';
import { HecktorError } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { sniffFormat } from '@hecktor/image-io';

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
    throw invalid(path, `it is not JSON${position(error)}`, error);
  }
}

/**
 * Reads the text of a JSON input.
 *
 * @throws HecktorError INPUT_JSON_INVALID when it is not a file, empty, too large, closed to us or
 * obviously something else.
 */
function readJsonText(path: string): string {
  const stat = look(path);
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
    throw unreadable(path, error);
  }
  assertText(path, bytes);
  if (isUtf16(bytes)) throw invalid(path, 'it is UTF-16 text, expected UTF-8');
  return bytes.toString('utf8');
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What the system says of a file that is there but cannot be read. */
function unreadable(file: string, origin: unknown): HecktorError {
  const { code = 'unknown' } = origin as NodeJS.ErrnoException;
  const detail = `it cannot be opened (${code})`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new HecktorError('INPUT_JSON_INVALID', {
      file,
      detail,
      cause: 'permissions that shut out the user that this program runs as',
      fix: 'make the case readable for everyone, for example with `chmod -R a+rX`',
      origin,
    });
  }
  const cause = code === 'ELOOP' ? 'a link that leads to itself' : 'a failing disk or file system';
  return new HecktorError('INPUT_JSON_INVALID', { file, detail, cause, origin });
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

/** By its byte order mark. */
function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function invalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('INPUT_JSON_INVALID', { file, detail, origin });
}

function position(error: unknown): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec((error as Error).message);
  return place === null ? '' : ` at ${place[0]}`;
}

/**
 * Reads a clinical record, an object of values by name.
 *
 * @throws HecktorError INPUT_JSON_INVALID
 */
export function readClinicalRecord(path: string): ParsedRecord {
  return parseClinicalRecord(readJsonText(path), { file: path });
}
