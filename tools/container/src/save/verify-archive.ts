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

export interface ReadBackOptions extends ExpectedArchive, ReadImageArchiveOptions {
  /** The archive's final name, for messages. */
  name: string;
}

/**
 * Reads an archive back and throws unless the platform would take it and all digests fit.
 *
 * @throws HecktorError ARCHIVE_INVALID with everything that is wrong.
 */
export async function readBack(path: string, options: ReadBackOptions): Promise<ArchiveFacts> {
  const { name, onFile, onProgress } = options;
  const facts = await readImageArchive(path, { onFile, onProgress }).catch((error: unknown) => {
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
    await engine.require(['load'], { input: retagged(path, tag) });
    return await use(tag);
  } finally {
    await engine.exec(['image', 'rm', tag]);
  }
}

/** What an archive must be besides sound. */
interface ExpectedArchive {
  /** The image's id in the engine; undefined: not known. */
  imageId?: string | undefined;
  /** Largest archive, bytes. */
  maxBytes: number;
}

/**
 * What the platform would refuse an archive for, and what shows that it is not the image that was
 * tested.
 *
 * @returns One sentence per fault.
 */
function judgeArchive(facts: ArchiveFacts, expected: ExpectedArchive): string[] {
  const faults: string[] = [];
  if (facts.bytes > expected.maxBytes) {
    faults.push(`it has ${gigabytes(facts.bytes)}, the limit is ${gigabytes(expected.maxBytes)}`);
  }
  if (facts.images.length !== 1) {
    faults.push(`it holds ${facts.images.length} images, exactly one is taken`);
  }
  const [image] = facts.images;
  if (image === undefined) return faults;
  faults.push(...judgeImage(image));
  const { imageId } = expected;
  if (imageId !== undefined && ![image.id, ...facts.indexed].includes(imageId)) {
    faults.push(`it holds the image ${image.id}, not ${imageId}`);
  }
  return faults;
}

function judgeImage(image: ImageInArchive): string[] {
  const { config, layers } = image;
  const { architecture, os, config: run = {}, rootfs } = config;
  const faults: string[] = [];
  if (architecture !== 'amd64' || os !== 'linux') {
    faults.push(`the image is for ${os ?? '?'}/${architecture ?? '?'}, not for linux/amd64`);
  }
  const user = run.User ?? '';
  if (isRootUser(user)) {
    faults.push(
      user === ''
        ? 'the image names no user, so it runs as root'
        : `its user is "${user}", which is root`,
    );
  }
  if ((run.Entrypoint ?? []).length === 0) faults.push('the image has no entry point');
  const named = /([0-9a-f]{64})(\.json)?$/.exec(image.configFile)?.[1];
  if (named !== undefined && image.id !== `sha256:${named}`) {
    faults.push(`the configuration ${image.configFile} does not have the digest in its name`);
  }
  const diffIds = rootfs?.diff_ids ?? [];
  if (diffIds.length !== layers.length) {
    faults.push(`the manifest names ${layers.length} layers, the configuration ${diffIds.length}`);
  }
  for (const [i, diffId] of diffIds.entries()) {
    const layer = layers[i];
    if (layer === undefined) faults.push(`layer ${i + 1} of ${diffIds.length} is missing`);
    else if (layer.diffId !== diffId) {
      faults.push(
        `layer ${i + 1} of ${diffIds.length} has the digest ${layer.diffId}, not ${diffId}`,
      );
    }
  }
  return faults;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(3)} GB`;

// They name the image too; engines do without them.
const NAMES = ['repositories', 'index.json', 'oci-layout'];

/**
 * The content of an image archive (.tar.gz) under another name, so that loading it moves no name
 * of an image that is there.
 */
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
