import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import type { ImageConfig, ManifestImage } from './image-config.ts';
import { contentOf, readTar, type Bytes, type FoundEntry } from './read-tar.ts';

/** Where something lies in a file, bytes. */
export type Part = Pick<FoundEntry, 'offset' | 'size'>;

/** An image archive on the disk, as an engine's `save` wrote it. */
export interface ArchiveFile {
  readonly manifest: readonly ManifestImage[];
  /** The configuration of the first image. */
  readonly config: ImageConfig;
  /** Where the first image's layers lie in the file, lowest first. */
  readonly layers: readonly FoundEntry[];
  /** A stretch of the file. */
  read(part: Part): Bytes;
}

/** Finds the parts of an image archive. */
export async function openArchiveFile(path: string): Promise<ArchiveFile> {
  const entries = new Map<string, FoundEntry>();
  await readTar(createReadStream(path), (entry) => {
    entries.set(entry.name, entry);
    return Promise.resolve();
  });
  const at = (name: string): FoundEntry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`the archive has no ${name}`);
    // Equal layers are stored once, with links from the other places.
    if (entry.type === '2') return at(posix.join(posix.dirname(name), entry.linkname));
    return entry.type === '1' ? at(entry.linkname) : entry;
  };
  const read: ArchiveFile['read'] = (part) => readPart(path, part);
  const json = async (name: string): Promise<unknown> =>
    JSON.parse((await contentOf(read(at(name)))).toString('utf8'));
  const manifest = (await json('manifest.json')) as ManifestImage[];
  const [image] = manifest;
  if (image === undefined) throw new Error('the archive holds no image');
  const config = (await json(image.Config)) as ImageConfig;
  return { manifest, config, layers: image.Layers.map(at), read };
}

/** A stretch of a file. */
export function readPart(path: string, { offset, size }: Part): Bytes {
  return size === 0 ? empty() : createReadStream(path, { start: offset, end: offset + size - 1 });
}

async function* empty(): AsyncGenerator<Uint8Array> {
  yield* [];
}
