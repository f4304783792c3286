import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { posix } from 'node:path';
import { canonicalConfig, type ImageConfig, type ManifestImage } from './image-config.ts';
import { type Bytes, contentOf, type FoundEntry, readTar, TAR_END, tarEntry } from './tar.ts';

/** Options of {@link repackImage}. */
interface RepackOptions {
  /** Number of the base image's layers, which stay as they are. */
  baseLayers: number;
  /** Time stamp of the image, ISO 8601. */
  created: string;
  /** Added to the labels that it has. */
  labels: Readonly<Record<string, string>>;
  /** The name it gets. */
  tag: string;
}

/** An image ready to be loaded. */
interface RepackedImage {
  /** `sha256:…` of the configuration: the image's id. */
  readonly id: string;
  readonly diffIds: readonly string[];
  /** The archive's bytes. */
  bytes(): AsyncGenerator<Buffer>;
}

interface Layer {
  readonly diffId: string;
  readonly size: number;
  bytes(): Bytes;
}

/**
 * Makes of a built image one that any other build of equal contents would give: layers without
 * times and order of the build, a configuration without its traces.
 *
 * @param file - The archive that the engine saved. Unpacked layers are put beside it.
 */
export async function repackImage(file: string, options: RepackOptions): Promise<RepackedImage> {
  const archive = await openArchiveFile(file);
  const layers: Layer[] = [];
  for (const [i, found] of archive.layers.entries()) {
    const diffId = archive.config.rootfs?.diff_ids[i];
    const plain = await unpacked(archive, found, `${file}.${i}`);
    layers.push(
      i < options.baseLayers && diffId !== undefined
        ? { diffId, size: plain.size, bytes: () => plain.read({ offset: 0, size: plain.size }) }
        : await repackLayer(plain.size, plain.read),
    );
  }
  const diffIds = layers.map(({ diffId }) => diffId);
  const { created, labels, baseLayers, tag } = options;
  const config = Buffer.from(
    JSON.stringify(canonicalConfig(archive.config, { created, labels, baseLayers, diffIds })),
  );
  const id = createHash('sha256').update(config).digest('hex');
  const names = diffIds.map((diffId) => `${diffId.slice('sha256:'.length)}.tar`);
  const manifest = [{ Config: `${id}.json`, RepoTags: [tag], Layers: names }];
  async function* bytes(): AsyncGenerator<Buffer> {
    const written = new Set<string>();
    for (const [i, { size, bytes: content }] of layers.entries()) {
      const name = names[i]!;
      if (written.has(name)) continue;
      written.add(name);
      yield* tarEntry({ name, size }, content());
    }
    yield* tarEntry({ name: `${id}.json`, size: config.length }, config);
    const text = Buffer.from(JSON.stringify(manifest));
    yield* tarEntry({ name: 'manifest.json', size: text.length }, text);
    yield TAR_END;
  }
  return { id: `sha256:${id}`, diffIds, bytes };
}

/** A layer's tar; engines that store layers compressed save them so. */
async function unpacked(archive: ArchiveFile, layer: FoundEntry, beside: string) {
  const inArchive = (part: Part) =>
    archive.read({ offset: layer.offset + part.offset, size: part.size });
  const start = await contentOf(inArchive({ offset: 0, size: Math.min(2, layer.size) }));
  if (!start.equals(Buffer.from([0x1f, 0x8b]))) return { size: layer.size, read: inArchive };
  await rm(beside, { force: true });
  let size = 0;
  await pipeline(
    archive.read(layer),
    createGunzip(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(beside),
  );
  return { size, read: (part: Part) => readPart(beside, part) };
}

/** A layer that holds only what decides its content. */
interface RepackedLayer {
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
async function repackLayer(size: number, read: (part: Part) => Bytes): Promise<RepackedLayer> {
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

/** Where something lies in a file, bytes. */
type Part = Pick<FoundEntry, 'offset' | 'size'>;

/** An image archive on the disk, as an engine's `save` wrote it. */
interface ArchiveFile {
  readonly manifest: readonly ManifestImage[];
  /** The configuration of the first image. */
  readonly config: ImageConfig;
  /** Where the first image's layers lie in the file, lowest first. */
  readonly layers: readonly FoundEntry[];
  /** A stretch of the file. */
  read(part: Part): Bytes;
}

/** Finds the parts of an image archive. */
async function openArchiveFile(path: string): Promise<ArchiveFile> {
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
function readPart(path: string, { offset, size }: Part): Bytes {
  return size === 0 ? empty() : createReadStream(path, { start: offset, end: offset + size - 1 });
}

async function* empty(): AsyncGenerator<Uint8Array> {
  yield* [];
}
