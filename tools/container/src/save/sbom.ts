import { createHash } from 'node:crypto';
import type { ImageInArchive } from '../archive/read-image-archive.ts';
import { type Bytes, contentOf, type FoundEntry } from '../archive/tar.ts';
import { isWeights } from '../build/check-files.ts';

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

/** A component of a bill of materials, as far as it is used here. */
interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}

/** A licence as packages state it: an SPDX expression, or else whatever they say. */
function licencesOf(licence: string): readonly unknown[] {
  const isExpression = /^\(*[A-Za-z0-9.+-]+\)*( (AND|OR|WITH) \(*[A-Za-z0-9.+-]+\)*)*$/.test(
    licence,
  );
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }];
}

/**
 * The installed packages of a Debian image.
 *
 * @param status - Text of /var/lib/dpkg/status; empty: no Debian.
 * @param osRelease - Text of /etc/os-release.
 */
function debianComponents(status: string, osRelease: string): Component[] {
  const { ID = 'debian', VERSION_CODENAME = '' } = settings(osRelease);
  return status
    .split(/\n\n+/)
    .map(fields)
    .filter(({ Package, Version, Status }) => Package && Version && Status?.endsWith(' installed'))
    .map(({ Package = '', Version = '', Architecture = 'all' }) => {
      const distro = VERSION_CODENAME === '' ? '' : `&distro=${VERSION_CODENAME}`;
      const version = encodeURIComponent(Version);
      const name = encodeURIComponent(Package);
      const purl = `pkg:deb/${ID}/${name}@${version}?arch=${Architecture}${distro}`;
      return { type: 'library', 'bom-ref': purl, name: Package, version: Version, purl };
    });
}

/** The operating system as a component. */
function distribution(osRelease: string): Component[] {
  const { ID, VERSION_ID } = settings(osRelease);
  if (ID === undefined) return [];
  return [
    {
      type: 'operating-system',
      'bom-ref': `os:${ID}`,
      name: ID,
      ...(VERSION_ID === undefined ? {} : { version: VERSION_ID }),
    },
  ];
}

function fields(paragraph: string): Record<string, string> {
  const matches = paragraph.matchAll(/^([A-Za-z-]+): (.*)$/gm);
  return Object.fromEntries([...matches].map(([, key, value]) => [key, value]));
}

function settings(text: string): Record<string, string> {
  const matches = text.matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...matches].map(([, key, value]) => [key, value]));
}

/** What an image's own files say of its parts. */
export interface ShippedFiles {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly integrity?: string;
  }[];
  readonly models: readonly { readonly path: string; readonly sha256: string }[];
  /** Texts of Debian's files; empty where there are none. */
  readonly dpkgStatus: string;
  readonly osRelease: string;
}

/** Collects them while the layers of an image go by. */
export function collectShippedFiles() {
  const texts = new Map<string, string>();
  const models = new Map<string, string>();
  return {
    async onFile({ name, type }: FoundEntry, content: Bytes): Promise<void> {
      if (type !== '0') return;
      const model = /^opt\/app\/resources\/(.+)$/.exec(name)?.[1];
      if (TEXTS.includes(name)) texts.set(name, (await contentOf(content)).toString('utf8'));
      else if (model !== undefined && isWeights(model)) models.set(model, await digest(content));
    },
    files: (): ShippedFiles => ({
      packages: JSON.parse(texts.get(PACKAGES) ?? '[]') as ShippedFiles['packages'],
      models: [...models].sort().map(([path, sha256]) => ({ path, sha256 })),
      dpkgStatus: texts.get('var/lib/dpkg/status') ?? '',
      osRelease: texts.get('usr/lib/os-release') ?? texts.get('etc/os-release') ?? '',
    }),
  };
}

const PACKAGES = 'opt/app/packages.json';
const TEXTS = [PACKAGES, 'var/lib/dpkg/status', 'usr/lib/os-release', 'etc/os-release'];

async function digest(content: Bytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
