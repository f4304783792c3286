import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HecktorError } from '@hecktor/errors';
import { declareOpenVino, type Handle, type OpenVino } from './c-api.ts';

/** The version that tools/export/fetch_openvino.py fetches. */
export const OPENVINO_VERSION = '2026.4.1';
/** Where it puts it, beside the npm packages; an image has it there too. */
const PLACE = 'node_modules/.openvino';
const LIBRARY = 'libopenvino_c.so.2641';

/** The library and its core object, which holds the plugins. */
export interface Library {
  readonly api: OpenVino;
  readonly core: Handle;
}

let library: Promise<Library> | undefined;

/**
 * Loads OpenVINO on first use, once for a thread.
 *
 * @throws HecktorError OPENVINO_MISSING where it was not fetched; OPENVINO_UNAVAILABLE for a library
 * that cannot be loaded, or is of another version.
 */
export function loadLibrary(): Promise<Library> {
  library ??= load(findLibrary(dirname(fileURLToPath(import.meta.url))));
  return library;
}

/** Whether OpenVINO runs on this kind of machine; elsewhere there is ONNX Runtime alone. */
export const isSupported = process.platform === 'linux' && process.arch === 'x64';

/**
 * Looks for the library in a folder and in those above it, as Node looks for packages.
 *
 * @throws HecktorError OPENVINO_MISSING
 */
function findLibrary(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, PLACE, LIBRARY);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw new HecktorError('OPENVINO_MISSING', {
    detail: `no ${PLACE}/${LIBRARY} in or above ${from}`,
  });
}

/** @throws HecktorError OPENVINO_UNAVAILABLE */
export async function load(file: string): Promise<Library> {
  let api: OpenVino;
  try {
    api = declareOpenVino((await import('koffi')).default, file);
  } catch (origin) {
    const detail = `no usable binary for ${process.platform}/${process.arch}`;
    throw new HecktorError('OPENVINO_UNAVAILABLE', { file, detail, origin });
  }
  const version = api.version();
  if (!version.startsWith(`${OPENVINO_VERSION}-`)) {
    throw new HecktorError('OPENVINO_UNAVAILABLE', {
      file,
      detail: `expected version ${OPENVINO_VERSION}, got ${version}`,
      cause: 'it was fetched for another version of this software',
    });
  }
  return { api, core: api.createCore() };
}
