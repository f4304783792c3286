import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { readJson } from './read-json.ts';

/** Relative paths of the inputs by their slug, as the platform lists them. */
export type ListedInputs = ReadonlyMap<string, string>;

/**
 * Reads the platform's inputs.json, a list whose entries hold a socket (in older jobs: interface)
 * with its slug and relative path. Absent: an empty map. Entries of other kinds are skipped.
 *
 * @throws HecktorError INPUT_JSON_INVALID when it is there but is not such a list.
 */
export function readInputsJson(folder: string): ListedInputs {
  const file = join(folder, 'inputs.json');
  const listed = new Map<string, string>();
  if (!isThere(file)) return listed;
  const { value } = readJson(file);
  if (!Array.isArray(value)) {
    throw new HecktorError('INPUT_JSON_INVALID', { file, detail: 'expected a list of inputs' });
  }
  for (const entry of value as unknown[]) {
    const socket = field(entry, 'socket') ?? field(entry, 'interface');
    const slug = field(socket, 'slug');
    const path = field(socket, 'relative_path');
    if (typeof slug === 'string' && typeof path === 'string' && path !== '') listed.set(slug, path);
  }
  return listed;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
