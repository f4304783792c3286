import { HecktorError } from '@hecktor/errors';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TAR_END, tarEntry } from '../archive/write-tar.ts';
import { isWeights } from '../build/weights.ts';
import { filesIn } from '../test-run/folders.ts';
import { partialFile } from './partial-file.ts';
import { writeArchive, type WriteArchiveOptions } from './write-archive.ts';
import type { SavedArchive } from './save-image.ts';

/**
 * Packs the weights of a task for the folder that the platform mounts at /opt/ml/model. Equal
 * weights give equal archives.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND when there are none; as {@link writeArchive} does.
 */
export async function saveModels(
  resources: string,
  archive: string,
  options: Omit<WriteArchiveOptions, 'name'>,
): Promise<SavedArchive> {
  const files = await weightsIn(resources);
  const partial = await partialFile(archive);
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const name of files) {
      const { size } = await stat(join(resources, name));
      yield* tarEntry({ name, size }, createReadStream(join(resources, name)));
    }
    yield TAR_END;
  }
  try {
    const written = await writeArchive(bytes(), partial.path, { ...options, name: archive });
    await partial.keep();
    return { archive, ...written };
  } finally {
    await partial.dispose();
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
