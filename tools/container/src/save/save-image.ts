import { HecktorError, systemErrorCode } from '@hecktor/errors';
import { writeAtomically } from '@hecktor/files';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TAR_END, tarEntry } from '../archive/tar.ts';
import { isWeights } from '../build/check-files.ts';
import { imageFacts } from '../engine/image-facts.ts';
import { saveStream, type Engine } from '../engine/open-engine.ts';
import { filesIn } from '../test-run/folders.ts';
import { writeArchive, type WrittenArchive } from './write-archive.ts';

interface ArchiveOptions {
  /** The .tar.gz to write. */
  archive: string;
  /** Largest archive the platform takes, bytes. */
  maxBytes: number;
  /** Ends it; its reason is thrown. */
  signal?: AbortSignal | undefined;
}

interface SaveImageOptions extends ArchiveOptions {
  image: string;
  onProgress?: (fraction: number) => void;
  /** Called with the whole file before it gets its name: throwing here leaves no archive either. */
  verify?: (path: string, written: WrittenArchive) => Promise<void>;
}

/** An archive that was written whole. */
export interface SavedArchive extends WrittenArchive {
  readonly archive: string;
}

/** Streams an image into a gzip archive. A failed or interrupted save leaves nothing behind. */
export async function saveImage(engine: Engine, options: SaveImageOptions): Promise<SavedArchive> {
  const { image, archive, maxBytes, onProgress, signal, verify } = options;
  const { size } = await imageFacts(engine, image);
  return makeArchive(options, async (path) => {
    const written = await saveStream(engine, image, (stdout) =>
      writeArchive(stdout, path, {
        ...{ name: archive, maxBytes, signal },
        onProgress: (bytes) => onProgress?.(Math.min(1, bytes / size)),
      }),
    );
    onProgress?.(1);
    await verify?.(path, written);
    return written;
  });
}

/**
 * Packs the weights of a task for the folder that the platform mounts at /opt/ml/model. Equal
 * weights give equal archives.
 */
export async function saveModels(resources: string, options: ArchiveOptions) {
  const files = await weightsIn(resources);
  const { archive, maxBytes, signal } = options;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const name of files) {
      const { size } = await stat(join(resources, name));
      yield* tarEntry({ name, size }, createReadStream(join(resources, name)));
    }
    yield TAR_END;
  }
  return makeArchive(options, (path) =>
    writeArchive(bytes(), path, { name: archive, maxBytes, signal }),
  );
}

/** Lets an archive be written, which is seen whole or not at all. */
async function makeArchive(
  { archive, signal }: ArchiveOptions,
  write: (path: string) => Promise<WrittenArchive>,
): Promise<SavedArchive> {
  let written: WrittenArchive;
  await assertPlace(archive);
  await writeAtomically(archive, async (path) => void (written = await write(path)), {
    ...(signal && { signal }),
  });
  return { archive, ...written! };
}

/** Nobody should learn after the packing that the place cannot be written to. */
async function assertPlace(archive: string): Promise<void> {
  try {
    const found = await stat(archive).catch(() => undefined);
    if (found?.isDirectory() === true) throw new Error('there is a folder of that name');
    const trial = `${archive}.${process.pid}.trial`;
    await writeAtomically(trial, (path) => writeFile(path, ''));
    await rm(trial);
  } catch (origin) {
    const { code, message } = origin as NodeJS.ErrnoException;
    throw new HecktorError(systemErrorCode(code) ?? 'OUTPUT_WRITE_FAILED', {
      ...{ file: archive, detail: message, origin },
      cause: 'a mistyped path, or a place where this user may not write',
      fix: 'give another file with --archive=<folder>/<name>.tar.gz',
    });
  }
}

/** Hands out a folder with nothing but the weights, as it will be mounted. */
export async function withModelFolder<T>(
  resources: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hecktor-weights-'));
  try {
    for (const name of await weightsIn(resources)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await copyFile(join(resources, name), join(folder, name), constants.COPYFILE_FICLONE);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function weightsIn(resources: string): Promise<string[]> {
  const files = (await filesIn(resources)).filter(isWeights);
  if (files.length > 0) return files;
  throw new HecktorError('MODEL_FILE_NOT_FOUND', { file: resources, detail: 'it has no weights' });
}
