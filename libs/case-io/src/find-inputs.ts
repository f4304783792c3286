import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { isThere } from '@hecktor/files';
import { findImage, placeOf } from './find-image.ts';
import { readJson } from './read-json.ts';
import type { TaskInput } from './task.ts';

/** Paths of the inputs that are there, by the input's name. */
export type FoundInputs = Readonly<Record<string, string>>;

/**
 * Finds the inputs of a case. Where inputs.json lists an input, its path is used, else the
 * challenge's usual one. A missing JSON input is left out; the caller decides what that means.
 *
 * @param warn - Gets a sentence on each input that inputs.json lists although it is not there.
 * @throws HecktorError as {@link findImage} does; INPUT_JSON_INVALID when inputs.json is there but
 * is not a list of inputs.
 */
export function findInputs(
  folder: string,
  inputs: readonly TaskInput[],
  warn: (warning: string) => void = () => {},
): FoundInputs {
  const listed = readInputsJson(folder);
  const found: Record<string, string> = {};
  for (const input of inputs) {
    const relative = listedPath(folder, input, listed);
    const path =
      input.kind === 'image'
        ? findImage(folder, input, relative)
        : placeOf(folder, input, relative);
    if (path === undefined || !isThere(path)) {
      if (relative !== undefined) {
        warn(`inputs.json lists ${input.name} at "${relative}", where there is nothing`);
      }
      continue;
    }
    const twin = Object.keys(found).find((name) => found[name] === path);
    if (twin !== undefined) {
      throw new HecktorError('INPUT_IMAGE_AMBIGUOUS', {
        file: path,
        detail: `it would be both ${twin} and ${input.name}`,
        cause: 'inputs.json gives two inputs the same path',
        fix: 'correct inputs.json, or remove it',
      });
    }
    found[input.name] = path;
  }
  return found;
}

/** Relative paths of the inputs by their slug, as the platform lists them. */
type ListedInputs = ReadonlyMap<string, string>;

/**
 * Reads the platform's inputs.json, a list whose entries hold a socket (in older jobs: interface)
 * with its slug and relative path. Absent: an empty map. Entries of other kinds are skipped.
 */
function readInputsJson(folder: string): ListedInputs {
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

function listedPath(folder: string, input: TaskInput, listed: ListedInputs): string | undefined {
  const paths = new Set(input.slugs.flatMap((slug) => listed.get(slug) ?? []));
  if (paths.size > 1) {
    throw new HecktorError('INPUT_JSON_INVALID', {
      file: join(folder, 'inputs.json'),
      detail: `it lists ${input.name} at ${[...paths].map((path) => `"${path}"`).join(' and ')}`,
      fix: 'leave one entry for each input',
    });
  }
  return [...paths][0];
}
