import { HecktorError } from '@hecktor/errors';
import { imageFacts } from '../engine/image-facts.ts';
import { engineWords, type Engine } from '../engine/open-engine.ts';
import { partialFile } from './partial-file.ts';
import { writeArchive, type WrittenArchive } from './write-archive.ts';

/** Options of {@link saveImage}. */
export interface SaveImageOptions {
  image: string;
  /** The .tar.gz to write. */
  archive: string;
  /** Largest archive the platform takes, bytes. */
  maxBytes: number;
  onProgress?: (fraction: number) => void;
  /** Ends it; its reason is thrown. */
  signal?: AbortSignal;
  /**
   * Called with the whole file before it gets its name: throwing here leaves no archive either.
   */
  verify?: (path: string, written: WrittenArchive) => Promise<void>;
}

/** An archive that was written whole. */
export interface SavedArchive extends WrittenArchive {
  readonly archive: string;
}

/**
 * Streams an image into a gzip archive. It is written under a temporary name and renamed when
 * whole and verified, so a failed or interrupted save leaves nothing behind.
 *
 * @throws HecktorError ARCHIVE_TOO_LARGE as soon as the limit is passed, ENGINE_FAILED when the
 * engine cannot save the image; the signal's reason; whatever `verify` throws.
 */
export async function saveImage(engine: Engine, options: SaveImageOptions): Promise<SavedArchive> {
  const { image, archive, maxBytes, onProgress, signal, verify } = options;
  const { size } = await imageFacts(engine, image);
  const partial = await partialFile(archive);
  const saving = engine.stream(['save', image]);
  try {
    const written = await writeArchive(saving.stdout, partial.path, {
      ...{ name: archive, maxBytes },
      onProgress: (bytes) => onProgress?.(Math.min(1, bytes / size)),
      ...(signal === undefined ? {} : { signal }),
    });
    const { code, stderr } = await saving.ended;
    if (code !== 0) {
      throw new HecktorError('ENGINE_FAILED', {
        detail: `"${engine.name} save" ended with code ${code}: ${engineWords(stderr)}`,
      });
    }
    onProgress?.(1);
    await verify?.(partial.path, written);
    await partial.keep();
    return { archive, ...written };
  } finally {
    saving.kill();
    await partial.dispose();
  }
}
