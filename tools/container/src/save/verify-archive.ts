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
import { contentOf, readTar, TAR_END, tarEntry, tarText } from '../archive/tar.ts';
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

type Fault = readonly [isFault: boolean, what: string];

/** One sentence per fault. */
function judgeArchive(
  { bytes, images, indexed }: ArchiveFacts,
  { imageId = '', maxBytes }: ReadBackOptions,
): string[] {
  const [image] = images;
  const isOther =
    image !== undefined && imageId !== '' && ![image.id, ...indexed].includes(imageId);
  const faults: Fault[] = [
    [bytes > maxBytes, `it has ${gigabytes(bytes)}, the limit is ${gigabytes(maxBytes)}`],
    [images.length !== 1, `it holds ${images.length} images, exactly one is taken`],
    ...(image === undefined ? [] : judgeImage(image)),
    [isOther, `it holds the image ${image?.id}, not ${imageId}`],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what]) => what);
}

function judgeImage({ id, config, configFile, layers }: ImageInArchive): Fault[] {
  const { architecture, os, config: run = {}, rootfs } = config;
  const { User: user = '', Entrypoint: start } = run;
  const named = /([0-9a-f]{64})(\.json)?$/.exec(configFile)?.[1];
  const isMisnamed = named !== undefined && id !== `sha256:${named}`;
  const diffIds = rootfs?.diff_ids ?? [];
  const [has, wanted] = [layers.length, diffIds.length];
  return [
    [
      `${os}/${architecture}` !== 'linux/amd64',
      `the image is for ${os}/${architecture}, not for linux/amd64`,
    ],
    [user === '', 'the image names no user, so it runs as root'],
    [user !== '' && isRootUser(user), `its user is "${user}", which is root`],
    [(start ?? []).length === 0, 'the image has no entry point'],
    [isMisnamed, `the configuration ${configFile} does not have the digest in its name`],
    [has !== wanted, `the manifest names ${has} layers, the configuration ${wanted}`],
    ...diffIds.map((diffId, i): Fault => {
      const found = layers[i]?.diffId;
      const what = found === undefined ? 'is missing' : `has the digest ${found}, not ${diffId}`;
      return [found !== diffId, `layer ${i + 1} of ${wanted} ${what}`];
    }),
  ];
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
    yield* tarText(entry.name, JSON.stringify(renamed));
  }
  yield TAR_END;
}
