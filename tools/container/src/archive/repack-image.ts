import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { canonicalConfig, type CanonicalOptions } from './image-config.ts';
import { type LayerFacts, readImageArchive, sha256 } from './read-image-archive.ts';
import {
  type Bytes,
  digestOf,
  type FoundEntry,
  readTar,
  TAR_END,
  tarEntry,
  tarText,
} from './tar.ts';

export interface RepackOptions extends CanonicalOptions {
  /** The name it gets. */
  tag: string;
}

/** An unpacked layer. */
interface Layer {
  readonly diffId: string;
  readonly size: number;
  /** Its bytes, as often as they are asked for. */
  bytes(): Bytes;
}

/**
 * Makes of an image, as the engine saved it, one that any other build of equal contents would give:
 * layers without times and order of the build, a configuration without its traces. Unpacked layers
 * are put beside the file.
 */
export async function repackImage(file: string, { tag, ...canonical }: RepackOptions) {
  const [image] = (await readImageArchive(file)).images;
  if (image === undefined) throw new Error('the archive holds no image');
  const layers: Layer[] = [];
  for (const [i, found] of image.layers.entries()) {
    if (found === undefined) throw new Error(`the archive lacks layer ${i + 1}`);
    const layer = await unpacked(file, found, `${file}.${i}`);
    layers.push(i < canonical.baseLayers ? layer : await repackLayer(layer));
  }
  const diffIds = layers.map(({ diffId }) => diffId);
  const config = JSON.stringify(canonicalConfig(image.config, diffIds, canonical));
  const id = sha256(config);
  const fileOf = (digest: string, type: string) => `${digest.slice('sha256:'.length)}.${type}`;
  const names = diffIds.map((diffId) => fileOf(diffId, 'tar'));
  const manifest = [{ Config: fileOf(id, 'json'), RepoTags: [tag], Layers: names }];
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const [i, { size, bytes: content }] of layers.entries()) {
      const name = names[i]!;
      if (names.indexOf(name) === i) yield* tarEntry({ name, size }, content());
    }
    yield* tarText(fileOf(id, 'json'), config);
    yield* tarText('manifest.json', JSON.stringify(manifest));
    yield TAR_END;
  }
  return { id, diffIds, bytes };
}

type Stretch = Pick<FoundEntry, 'offset' | 'size'>;

interface PlainLayer extends Layer {
  read(part: Stretch): Bytes;
}

/** A layer's tar; engines that store layers compressed save them so. */
async function unpacked(
  archive: string,
  { digest, diffId, size, stored }: LayerFacts,
  beside: string,
): Promise<PlainLayer> {
  const isPlain = digest === diffId;
  if (!isPlain) {
    await pipeline(stretch(archive, stored), createGunzip(), createWriteStream(beside));
  }
  const [file, start] = isPlain ? [archive, stored.offset] : [beside, 0];
  const read = ({ offset, size }: Stretch) => stretch(file, { offset: start + offset, size });
  return { diffId, size, read, bytes: () => read({ offset: 0, size }) };
}

/** Rewrites a layer with sorted entries and one time stamp. */
async function repackLayer(layer: PlainLayer): Promise<Layer> {
  const entries: FoundEntry[] = [];
  for await (const [entry] of readTar(layer.bytes())) entries.push(entry);
  entries.sort(byPlace);
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const entry of entries) yield* tarEntry(entry, layer.read(entry));
    yield TAR_END;
  }
  const { sha256, bytes: size } = await digestOf(bytes());
  return { diffId: `sha256:${sha256}`, size, bytes };
}

/** Folders come before what is in them, hard links after what they point to. */
function byPlace(a: FoundEntry, b: FoundEntry): number {
  if ((a.type === '1') !== (b.type === '1')) return a.type === '1' ? 1 : -1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function stretch(path: string, { offset: start, size }: Stretch): Readable {
  return size === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + size - 1 });
}
