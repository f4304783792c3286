import { createHash } from 'node:crypto';
import type { ImageInArchive } from '../archive/read-image-archive.ts';
import { debianComponents, distribution } from './sbom-debian.ts';
import { licencesOf, type Component } from './sbom-component.ts';
import type { ShippedFiles } from './shipped-files.ts';

/**
 * A bill of materials (CycloneDX 1.6, JSON) of what an image holds: the npm packages in its program,
 * the Debian packages and the Node binary of its base, the models and their digests. Equal images
 * have equal ones.
 */
export function sbom(image: ImageInArchive, files: ShippedFiles): Record<string, unknown> {
  const labels = image.config.config?.Labels ?? {};
  const label = (name: string) => labels[`org.opencontainers.image.${name}`];
  const licence = label('licenses');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(image.id)}`,
    version: 1,
    metadata: {
      ...(image.config.created === undefined ? {} : { timestamp: image.config.created }),
      component: {
        type: 'container',
        'bom-ref': image.id,
        name: label('title') ?? image.tags[0] ?? 'image',
        version: label('version') ?? 'unknown',
        hashes: [{ alg: 'SHA-256', content: image.id.slice('sha256:'.length) }],
        ...(licence === undefined ? {} : { licenses: licencesOf(licence) }),
        properties: Object.entries(labels)
          .filter(([name]) => name.startsWith('hecktor.') || name.endsWith('.revision'))
          .map(([name, value]) => ({ name, value })),
      },
    },
    components: [
      ...distribution(files.osRelease),
      ...nodeComponent(image),
      ...files.packages.map(npmComponent),
      ...files.models.map(({ path, sha256 }) => ({
        type: 'machine-learning-model',
        'bom-ref': `model:${path}`,
        name: path,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      })),
      ...debianComponents(files.dpkgStatus, files.osRelease),
    ] satisfies Component[],
  };
}

function npmComponent({
  name,
  version,
  license,
  integrity,
}: ShippedFiles['packages'][number]): Component {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const sha512 = /^sha512-(\S+)/.exec(integrity ?? '')?.[1];
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(license === undefined ? {} : { licenses: licencesOf(license) }),
    ...(sha512 === undefined
      ? {}
      : {
          hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }],
        }),
  };
}

/** The official image and its stand-in say their Node version in the environment. */
function nodeComponent({ config }: ImageInArchive): Component[] {
  const version = (config.config?.Env ?? [])
    .map((setting) => /^NODE_VERSION=(.+)/.exec(setting)?.[1])
    .find((found) => found !== undefined);
  if (version === undefined) return [];
  const purl = `pkg:generic/node@${version}`;
  const licenses = licencesOf('MIT');
  return [{ type: 'application', 'bom-ref': purl, name: 'node', version, purl, licenses }];
}

/** A UUID that the text decides. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
