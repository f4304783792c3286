import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ImageConfig, ManifestImage } from './image-config.ts';
import { type Bytes, contentOf, type FoundEntry, readTar } from './tar.ts';

/** A layer as it was found in an archive; sizes in bytes, digests as `sha256:…`. */
export interface LayerFacts {
  /** As it is stored. */
  readonly digest: string;
  /** Unpacked. */
  readonly diffId: string;
  /** Unpacked. */
  readonly size: number;
  /** Where it lies in the unpacked archive. */
  readonly stored: FoundEntry;
}

/** An image of an archive. */
export interface ImageInArchive {
  /** Digest of its configuration. */
  readonly id: string;
  /** Name of the configuration's file. */
  readonly configFile: string;
  readonly config: ImageConfig;
  readonly tags: readonly string[];
  /** Lowest first; undefined where the archive lacks one that its manifest names. */
  readonly layers: readonly (LayerFacts | undefined)[];
}

/** What an image archive turned out to hold. */
export interface ArchiveFacts {
  /** Of the file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly images: readonly ImageInArchive[];
  /** Digests that the index of the archive names, where there is one: ids in some engines. */
  readonly indexed: readonly string[];
}

export interface ReadImageArchiveOptions {
  /** Called for every file of every layer, lowest layer first; it may read the content. */
  onFile?: ((file: FoundEntry, content: Bytes) => Promise<void>) | undefined;
  onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Reads an image archive (.tar or .tar.gz) front to back, takes the digest of everything in it and
 * keeps nothing but small files.
 *
 * @throws Error when the archive is damaged or no image archive.
 */
export async function readImageArchive(
  path: string,
  options: ReadImageArchiveOptions = {},
): Promise<ArchiveFacts> {
  const whole = meter(createReadStream(path, { highWaterMark: 2 ** 20 }), options.onProgress);
  const texts = new Map<string, Buffer>();
  const layers = new Map<string, LayerFacts>();
  const links = new Map<string, string>();
  for await (const [entry, content] of readTar(await plain(whole.bytes))) {
    if (entry.type === '2' || entry.type === '1') {
      const from = entry.type === '2' ? posix.dirname(entry.name) : '';
      links.set(entry.name, posix.join(from, entry.linkname));
    } else if (entry.type === '0' && entry.size > 0) {
      const [start, rest] = await peek(content);
      if (isLayer(start)) layers.set(entry.name, await readLayer(entry, rest, options.onFile));
      else if (entry.size < LARGEST_JSON) texts.set(entry.name, await contentOf(rest));
    }
  }
  const json = (name: string) => parse(texts.get(name), name);
  const manifest = json('manifest.json') as ManifestImage[];
  if (!Array.isArray(manifest)) throw new Error('manifest.json is no list');
  const images = manifest.map(({ Config, RepoTags, Layers }) => ({
    id: sha256(texts.get(Config) ?? ''),
    configFile: Config,
    config: json(Config) as ImageConfig,
    tags: RepoTags ?? [],
    layers: Layers.map((name) => layers.get(links.get(name) ?? name)),
  }));
  const index = texts.has('index.json') ? (json('index.json') as Index) : {};
  const indexed = (index.manifests ?? []).map(({ digest }) => digest);
  return { ...whole.facts(), images, indexed };
}

interface Index {
  manifests?: { digest: string }[];
}

const LARGEST_JSON = 8 * 2 ** 20;

function parse(text: Buffer | undefined, name: string): unknown {
  if (text === undefined) throw new Error(`it has no ${name}`);
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    throw new Error(`${name} is not JSON`);
  }
}

async function readLayer(
  stored: FoundEntry,
  content: Bytes,
  onFile: ReadImageArchiveOptions['onFile'],
): Promise<LayerFacts> {
  const outer = meter(content);
  const inner = meter(await plain(outer.bytes));
  for await (const [file, bytes] of readTar(inner.bytes)) await onFile?.(file, bytes);
  const { bytes: size, sha256 } = inner.facts();
  return { digest: `sha256:${outer.facts().sha256}`, diffId: `sha256:${sha256}`, size, stored };
}

export function sha256(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

const isGzip = (start: Buffer) => start[0] === 0x1f && start[1] === 0x8b;

/** A tar archive, plain or compressed; everything else in an image archive is short text. */
function isLayer(start: Buffer): boolean {
  const isEmptyTar = start.length >= 512 && start.every((byte) => byte === 0);
  return isGzip(start) || start.toString('latin1', 257, 262) === 'ustar' || isEmptyTar;
}

/** What is below a compression, if there is one. */
async function plain(source: Bytes): Promise<Bytes> {
  const [start, rest] = await peek(source);
  if (!isGzip(start)) return rest;
  return pipeline(Readable.from(rest), createGunzip(), () => undefined);
}

/** The first bytes, and a stream that still has them. */
async function peek(source: Bytes): Promise<[Buffer, Bytes]> {
  const iterator = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  for (let length = 0; length < 512;) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    held.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* held;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  return [Buffer.concat(held), all()];
}

/** Counts and digests what goes by. */
function meter(source: Bytes, onProgress?: (bytes: number) => void) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      onProgress?.(bytes);
      yield chunk;
    }
  }
  return { bytes: read(), facts: () => ({ bytes, sha256: hash.digest('hex') }) };
}
