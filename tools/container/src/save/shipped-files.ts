import { createHash } from 'node:crypto';
import { contentOf, type Bytes, type FoundEntry } from '../archive/read-tar.ts';
import { isWeights } from '../build/weights.ts';

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
