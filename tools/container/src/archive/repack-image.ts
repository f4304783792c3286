import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openArchiveFile, readPart, type ArchiveFile, type Part } from './archive-file.ts';
import { canonicalConfig } from './image-config.ts';
import { contentOf, type Bytes, type FoundEntry } from './read-tar.ts';
import { repackLayer } from './repack-layer.ts';
import { TAR_END, tarEntry } from './write-tar.ts';

/** Options of {@link repackImage}. */
export interface RepackOptions {
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
export interface RepackedImage {
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
