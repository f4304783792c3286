import { createHash } from 'node:crypto';
import type { Part } from './archive-file.ts';
import { readTar, type Bytes, type FoundEntry } from './read-tar.ts';
import { TAR_END, tarEntry } from './write-tar.ts';

/** A layer that holds only what decides its content. */
export interface RepackedLayer {
  /** `sha256:…` of the unpacked layer. */
  readonly diffId: string;
  readonly size: number;
  /** Its bytes, as often as they are asked for. */
  bytes(): AsyncGenerator<Buffer>;
}

/**
 * Rewrites a layer with sorted entries, one time stamp and nothing else that two builds of equal
 * contents may differ in.
 *
 * @param read - A stretch of the layer.
 */
export async function repackLayer(
  size: number,
  read: (part: Part) => Bytes,
): Promise<RepackedLayer> {
  const entries: FoundEntry[] = [];
  await readTar(read({ offset: 0, size }), (entry) => {
    entries.push(entry);
    return Promise.resolve();
  });
  entries.sort(byPlace);
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const entry of entries) yield* tarEntry(entry, read(entry));
    yield TAR_END;
  }
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of bytes()) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { diffId: `sha256:${hash.digest('hex')}`, size: length, bytes };
}

/** Folders come before what is in them, hard links after what they point to. */
function byPlace(a: FoundEntry, b: FoundEntry): number {
  if ((a.type === '1') !== (b.type === '1')) return a.type === '1' ? 1 : -1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
