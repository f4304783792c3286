import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ManifestImage } from './image-config.ts';
import { contentOf, readTar, type Bytes } from './read-tar.ts';
import { TAR_END, tarEntry } from './write-tar.ts';

// They name the image too; engines do without them.
const NAMES = ['repositories', 'index.json', 'oci-layout'];

/**
 * The content of an image archive (.tar.gz) under another name, so that loading it moves no name
 * of an image that is there.
 */
export function retagged(path: string, tag: string): AsyncIterable<Uint8Array> {
  const out = new PassThrough();
  const write = async (chunks: Bytes) => {
    for await (const chunk of chunks) {
      if (out.destroyed) throw new Error('nobody reads the archive any more');
      if (!out.write(chunk)) await drained(out);
    }
  };
  const file = createReadStream(path);
  const plain = file.pipe(createGunzip());
  file.on('error', (error) => plain.destroy(error));
  readTar(plain, async (entry, content) => {
    if (NAMES.includes(entry.name)) return;
    if (entry.name !== 'manifest.json') return write(tarEntry(entry, content));
    const manifest = JSON.parse((await contentOf(content)).toString('utf8')) as ManifestImage[];
    const renamed = manifest.map((image) => ({ ...image, RepoTags: [tag] }));
    const text = Buffer.from(JSON.stringify(renamed));
    await write(tarEntry({ name: entry.name, size: text.length }, text));
  })
    .then(() => out.end(TAR_END))
    .catch((error: Error) => out.destroy(error));
  return out;
}

/** Settles when a stream takes more, or has ended. */
function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
