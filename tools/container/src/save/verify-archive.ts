import { HecktorError } from '@hecktor/errors';
import { readImageArchive, type ArchiveFacts } from '../archive/read-image-archive.ts';
import { retagged } from '../archive/retagged.ts';
import type { Bytes, FoundEntry } from '../archive/read-tar.ts';
import { localName } from '../engine/local-name.ts';
import type { Engine } from '../engine/open-engine.ts';
import { judgeArchive, type ExpectedArchive } from './judge-archive.ts';

/** Options of {@link readBack}. */
export interface ReadBackOptions extends ExpectedArchive {
  /** The archive's final name, for messages. */
  name: string;
  onFile?: (file: FoundEntry, content: Bytes) => Promise<void>;
  onProgress?: (bytes: number) => void;
}

/**
 * Reads an archive back and throws unless the platform would take it and all digests fit.
 *
 * @throws HecktorError ARCHIVE_INVALID with everything that is wrong.
 */
export async function readBack(path: string, options: ReadBackOptions): Promise<ArchiveFacts> {
  const { name, onFile, onProgress } = options;
  const facts = await readImageArchive(path, {
    ...(onFile === undefined ? {} : { onFile }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }).catch((error: unknown) => {
    throw new HecktorError('ARCHIVE_INVALID', {
      file: name,
      detail: `it cannot be read back: ${error instanceof Error ? error.message : String(error)}`,
      origin: error,
    });
  });
  const faults = judgeArchive(facts, options);
  if (faults.length === 0) return facts;
  throw new HecktorError('ARCHIVE_INVALID', { file: name, detail: faults.join('; ') });
}

/**
 * Loads an archive under a temporary name, does something with the image and takes the name away.
 */
export async function withLoaded<T>(
  engine: Engine,
  path: string,
  use: (image: string) => Promise<T>,
): Promise<T> {
  const tag = localName(engine, `hecktor-verified:${process.pid}-${Date.now()}`);
  try {
    await engine.feed(['load'], retagged(path, tag));
    return await use(tag);
  } finally {
    await engine.exec(['image', 'rm', tag]);
  }
}
