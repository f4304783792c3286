import { createHash } from 'node:crypto';
import type { ImageInArchive } from '../archive/read-image-archive.ts';
import { type Bytes, contentOf, digestOf, type FoundEntry } from '../archive/tar.ts';
import { isWeights } from '../build/check-files.ts';

/**
 * A bill of materials (CycloneDX 1.6, JSON) of what an image holds: the npm packages in its program,
 * the Debian packages and the Node binary of its base, the models and their digests. Equal images
 * have equal ones.
 */
export function sbom(image: ImageInArchive, files: ShippedFiles): Record<string, unknown> {
  const labels = image.config.config?.Labels ?? {};
  const label = (name: string) => labels[`org.opencontainers.image.${name}`];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(image.id)}`,
    version: 1,
    metadata: {
      timestamp: image.config.created,
      component: {
        type: 'container',
        'bom-ref': image.id,
        name: label('title') ?? image.tags[0] ?? 'image',
        version: label('version') ?? 'unknown',
        hashes: [{ alg: 'SHA-256', content: image.id.slice('sha256:'.length) }],
        licenses: licencesOf(label('licenses')),
        properties: Object.entries(labels)
          .filter(([name]) => name.startsWith('hecktor.') || name.endsWith('.revision'))
          .map(([name, value]) => ({ name, value })),
      },
    },
    components: [
      ...distribution(files.osRelease),
      ...nodeComponent(image),
      ...files.packages.map(packageComponent),
      ...files.models.map(({ path, sha256 }) => ({
        type: 'machine-learning-model',
        'bom-ref': `model:${path}`,
        name: path,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      })),
      ...debianComponents(files),
    ] satisfies Component[],
  };
}

function packageComponent({ name, version, license, integrity, type = 'npm' }: Package): Component {
  const purl = `pkg:${type}/${name.replace('@', '%40')}@${version}`;
  const sha512 = /^sha512-(\S+)/.exec(integrity ?? '')?.[1];
  const content = sha512 && Buffer.from(sha512, 'base64').toString('hex');
  return {
    ...{ type: 'library', 'bom-ref': purl, name, version, purl },
    licenses: licencesOf(license),
    hashes: content === undefined ? undefined : [{ alg: 'SHA-512', content }],
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
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** As far as it is used here. */
interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[] | undefined;
  readonly licenses?: readonly unknown[] | undefined;
}

/** A licence as packages state it: an SPDX expression, or else whatever they say. */
function licencesOf(licence: string | undefined): readonly unknown[] | undefined {
  if (licence === undefined) return undefined;
  const term = '\\(*[A-Za-z0-9.+-]+\\)*';
  const isExpression = new RegExp(`^${term}( (AND|OR|WITH) ${term})*$`).test(licence);
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }];
}

/** The installed packages of a Debian image. */
function debianComponents({ dpkgStatus, osRelease }: ShippedFiles): Component[] {
  const { ID = 'debian', VERSION_CODENAME = '' } = settings(osRelease);
  const distro = VERSION_CODENAME && `&distro=${VERSION_CODENAME}`;
  return dpkgStatus
    .split(/\n\n+/)
    .map(fields)
    .filter(({ Package, Version, Status }) => Package && Version && Status?.endsWith(' installed'))
    .map(({ Package = '', Version = '', Architecture = 'all' }) => {
      const [name, version] = [Package, Version].map(encodeURIComponent);
      const purl = `pkg:deb/${ID}/${name}@${version}?arch=${Architecture}${distro}`;
      return { type: 'library', 'bom-ref': purl, name: Package, version: Version, purl };
    });
}

/** The operating system as a component. */
function distribution(osRelease: string): Component[] {
  const { ID: name, VERSION_ID: version } = settings(osRelease);
  if (name === undefined) return [];
  return [{ type: 'operating-system', 'bom-ref': `os:${name}`, name, version }];
}

/** Of a paragraph of dpkg's. */
const fields = (text: string) => pairs(text, /^([A-Za-z-]+): (.*)$/gm);
/** Of os-release. */
const settings = (text: string) => pairs(text, /^([A-Z_]+)="?([^"\n]*)"?$/gm);

function pairs(text: string, pattern: RegExp): Partial<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(pattern)].map(([, key, value]) => [key, value]));
}

/** An npm package, unless `type` names another kind, as package URLs do. */
type Package = Readonly<Record<'name' | 'version', string>> &
  Partial<Readonly<Record<'license' | 'integrity' | 'type', string>>>;

/** What an image's own files say of its parts. */
export interface ShippedFiles {
  readonly packages: readonly Package[];
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
      else if (model !== undefined && isWeights(model))
        models.set(model, (await digestOf(content)).sha256);
    },
    files: (): ShippedFiles => ({
      packages: JSON.parse(texts.get(PACKAGES) ?? '[]') as Package[],
      models: [...models].sort().map(([path, sha256]) => ({ path, sha256 })),
      dpkgStatus: texts.get('var/lib/dpkg/status') ?? '',
      osRelease: texts.get('usr/lib/os-release') ?? texts.get('etc/os-release') ?? '',
    }),
  };
}

const PACKAGES = 'opt/app/packages.json';
const TEXTS = [PACKAGES, 'var/lib/dpkg/status', 'usr/lib/os-release', 'etc/os-release'];
