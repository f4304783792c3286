import { isRootUser } from '../engine/image-facts.ts';
import type { ArchiveFacts, ImageInArchive } from '../archive/read-image-archive.ts';

/** What an archive must be besides sound. */
export interface ExpectedArchive {
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
export function judgeArchive(facts: ArchiveFacts, expected: ExpectedArchive): string[] {
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
