import { readFileSync, statSync } from 'node:fs';
import { HecktorError } from '@hecktor/errors';
import { parseTolerantJson, type TolerantJson } from './parse-tolerant-json.ts';

/** No JSON input of the challenge comes near this; a larger file is not one. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Reads a JSON input.
 *
 * @throws HecktorError INPUT_JSON_INVALID when it is no file, too large, or not JSON. The message
 * never quotes the content, which is a patient's.
 */
export function readJson(path: string): TolerantJson {
  const fail = (detail: string, origin?: unknown): never => {
    throw new HecktorError('INPUT_JSON_INVALID', { file: path, detail, origin });
  };
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return fail('the file does not exist');
  if (!stat.isFile()) return fail('it is not a file');
  if (stat.size > MAX_BYTES) return fail(`it has ${stat.size} bytes, more than ${MAX_BYTES}`);
  if (stat.size === 0) return fail('the file is empty');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail('it cannot be opened', error);
  }
  try {
    return parseTolerantJson(text);
  } catch (error) {
    return fail(`it is not JSON${position(error)}`, error);
  }
}

function position(error: unknown): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec((error as Error).message);
  return place === null ? '' : ` at ${place[0]}`;
}
