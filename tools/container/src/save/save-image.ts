import { HecktorError } from '@hecktor/errors';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { imageFacts } from '../engine/image-facts.ts';
import { lastLine, type Engine } from '../engine/open-engine.ts';

/** Options of {@link saveImage}. */
export interface SaveImageOptions {
  image: string;
  /** The .tar.gz to write. */
  archive: string;
  /** Largest archive the platform takes, bytes. */
  maxBytes: number;
  onProgress?: (fraction: number) => void;
}

/** An archive that was written whole. */
export interface SavedArchive {
  readonly archive: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Streams an image into a gzip archive. It is written under a temporary name and renamed when
 * whole, so a failed or interrupted save leaves nothing behind.
 *
 * @throws HecktorError ARCHIVE_TOO_LARGE as soon as the limit is passed, ENGINE_FAILED when the
 * engine cannot save the image.
 */
export async function saveImage(engine: Engine, options: SaveImageOptions): Promise<SavedArchive> {
  const { image, archive, maxBytes, onProgress } = options;
  const { size } = await imageFacts(engine, image);
  const temporary = join(dirname(archive), `.saving-${process.pid}.tar.gz`);
  await mkdir(dirname(archive), { recursive: true });
  const saving = engine.stream(['save', image]);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      saving.stdout,
      tap((read) => onProgress?.(Math.min(1, read / size))),
      createGzip({ level: 6 }),
      tap((written, chunk) => {
        bytes = written;
        hash.update(chunk);
        if (written > maxBytes) throw tooLarge(archive, maxBytes);
      }),
      createWriteStream(temporary),
    );
    const { code, stderr } = await saving.ended;
    if (code !== 0) {
      throw new HecktorError('ENGINE_FAILED', {
        detail: `"${engine.name} save" ended with code ${code}: ${lastLine(stderr)}`,
      });
    }
    await rename(temporary, archive);
  } finally {
    saving.kill();
    await rm(temporary, { force: true });
  }
  onProgress?.(1);
  return { archive, bytes, sha256: hash.digest('hex') };
}

/** Passes data on and tells how much has gone by. */
function tap(see: (total: number, chunk: Buffer) => void): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      try {
        see(total, chunk);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, chunk);
    },
  });
}

function tooLarge(archive: string, maxBytes: number): HecktorError {
  return new HecktorError('ARCHIVE_TOO_LARGE', {
    file: archive,
    detail: `it passed ${(maxBytes / 1e9).toFixed(2)} GB; packing was stopped`,
  });
}
