import { HecktorError } from '@hecktor/errors';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  type ArchiveFacts,
  type ImageInArchive,
  readImageArchive,
  type ReadImageArchiveOptions,
} from '../archive/read-image-archive.ts';
import { contentOf, readTar, TAR_END, tarEntry } from '../archive/tar.ts';
import { type Engine, localName } from '../engine/open-engine.ts';
import { isRootUser } from '../engine/image-facts.ts';
import type { ManifestImage } from '../archive/image-config.ts';

export interface ReadBackOptions extends ReadImageArchiveOptions {
  /** The archive's final name, for messages. */
  name: string;
  /** The image's id in the engine; undefined: not known. */
  imageId?: string | undefined;
  /** Largest archive. */
  maxBytes: number;
}

/** Throws unless the platform would take an archive, all digests fit and it is the tested image. */
export async function readBack(path: string, options: ReadBackOptions): Promise<ArchiveFacts> {
  const { name: file } = options;
  const facts = await readImageArchive(path, options).catch((origin: unknown) => {
    const why = origin instanceof Error ? origin.message : String(origin);
    throw new HecktorError('ARCHIVE_INVALID', {
      ...{ file, detail: `it cannot be read back: ${why}`, origin },
    });
  });
  const faults = judgeArchive(facts, options);
  if (faults.length === 0) return facts;
  throw new HecktorError('ARCHIVE_INVALID', { file, detail: faults.join('; ') });
}

/** Loads an archive under a temporary name, does something with the image and removes the name. */
export async function withLoaded<T>(
  engine: Engine,
  path: string,
  use: (image: string) => Promise<T>,
): Promise<T> {
  const tag = localName(engine, `hecktor-verified:${process.pid}-${Date.now()}`);
  try {
    await engine.require(['load'], { input: retagged(path, tag) });
    return await use(tag);
  } finally {
    await engine.exec(['image', 'rm', tag]);
  }
}

/** One sentence per fault. */
function judgeArchive(
  { bytes, images, indexed }: ArchiveFacts,
  { imageId, maxBytes }: ReadBackOptions,
): string[] {
  const faults: string[] = [];
  if (bytes > maxBytes) {
    faults.push(`it has ${gigabytes(bytes)}, the limit is ${gigabytes(maxBytes)}`);
  }
  if (images.length !== 1) faults.push(`it holds ${images.length} images, exactly one is taken`);
  const [image] = images;
  if (image === undefined) return faults;
  faults.push(...judgeImage(image));
  if (imageId !== undefined && ![image.id, ...indexed].includes(imageId)) {
    faults.push(`it holds the image ${image.id}, not ${imageId}`);
  }
  return faults;
}

function judgeImage({ id, config, configFile, layers }: ImageInArchive): string[] {
  const { architecture, os, config: run = {}, rootfs } = config;
  const faults: string[] = [];
  if (`${os}/${architecture}` !== 'linux/amd64') {
    faults.push(`the image is for ${os}/${architecture}, not for linux/amd64`);
  }
  const user = run.User ?? '';
  if (user === '') faults.push('the image names no user, so it runs as root');
  else if (isRootUser(user)) faults.push(`its user is "${user}", which is root`);
  if ((run.Entrypoint ?? []).length === 0) faults.push('the image has no entry point');
  const named = /([0-9a-f]{64})(\.json)?$/.exec(configFile)?.[1];
  if (named !== undefined && id !== `sha256:${named}`) {
    faults.push(`the configuration ${configFile} does not have the digest in its name`);
  }
  const diffIds = rootfs?.diff_ids ?? [];
  if (diffIds.length !== layers.length) {
    faults.push(`the manifest names ${layers.length} layers, the configuration ${diffIds.length}`);
  }
  for (const [i, diffId] of diffIds.entries()) {
    const which = `layer ${i + 1} of ${diffIds.length}`;
    const found = layers[i]?.diffId;
    if (found === undefined) faults.push(`${which} is missing`);
    else if (found !== diffId) faults.push(`${which} has the digest ${found}, not ${diffId}`);
  }
  return faults;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(3)} GB`;

// They name the image too; engines do without them.
const NAMES = ['repositories', 'index.json', 'oci-layout'];

/** The content of an image archive under another name, so that loading it moves no other name. */
export async function* retagged(path: string, tag: string): AsyncGenerator<Uint8Array> {
  const plain = pipeline(createReadStream(path), createGunzip(), () => undefined);
  for await (const [entry, content] of readTar(plain)) {
    if (NAMES.includes(entry.name)) continue;
    if (entry.name !== 'manifest.json') {
      yield* tarEntry(entry, content);
      continue;
    }
    const manifest = JSON.parse((await contentOf(content)).toString('utf8')) as ManifestImage[];
    const renamed = manifest.map((image) => ({ ...image, RepoTags: [tag] }));
    const text = Buffer.from(JSON.stringify(renamed));
    yield* tarEntry({ name: entry.name, size: text.length }, text);
  }
  yield TAR_END;
}
