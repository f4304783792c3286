import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { ErrorCode } from '@hecktor/errors';
import { scalarTypeOf, type ScalarType, type Volume } from '@hecktor/volume';

/** What SimpleITK reads in a file, or the code of the error that the file deserves. */
export interface GoldenCase {
  readonly name: string;
  readonly error?: ErrorCode;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly direction: readonly number[];
  readonly type: ScalarType;
  readonly sha256: string;
  /** Content by path: base64 of zlib data. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Cases written by tools/reference/image_io/make_goldens.py. */
export async function loadGoldens(name: 'generated' | 'real'): Promise<readonly GoldenCase[]> {
  const path = fileURLToPath(new URL(`../golden/${name}.json`, import.meta.url));
  const golden = JSON.parse(await readFile(path, 'utf8')) as { cases: GoldenCase[] };
  return golden.cases;
}

/** Unpacks the files of a case into a folder of its own; returns the path of the image. */
export async function unpackGolden(golden: GoldenCase, folder: string): Promise<string> {
  for (const [path, content] of Object.entries(golden.files ?? {})) {
    const target = join(folder, golden.name, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, inflateSync(Buffer.from(content, 'base64')));
  }
  return join(folder, golden.name, golden.name);
}

/** The facts of a volume, in the form of a golden case. */
export function factsOf(volume: Volume): Omit<GoldenCase, 'name' | 'error' | 'files'> {
  const { data } = volume;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    size: volume.size,
    spacing: volume.spacing,
    origin: volume.origin,
    direction: Array.from(volume.direction),
    type: scalarTypeOf(data),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
