import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ImageInArchive } from '../archive/read-image-archive.ts';
import { sbom, type ShippedFiles } from './sbom.ts';

const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);
const schema = async (name: string) =>
  JSON.parse(await readFile(join(SCHEMAS, `${name}.SNAPSHOT.schema.json`), 'utf8')) as {
    $id: string;
  };

const IMAGE = {
  id: `sha256:${'ab'.repeat(32)}`,
  configFile: 'c.json',
  tags: ['hecktor-task1:latest'],
  layers: [],
  config: {
    created: '2026-01-02T03:04:05Z',
    config: {
      Env: ['PATH=/bin', 'NODE_VERSION=26.10.0'],
      Labels: {
        'org.opencontainers.image.title': 'hecktor-task1',
        'org.opencontainers.image.version': '0.1.0',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.revision': 'f00',
        'hecktor.task': 'task1',
      },
    },
  },
} satisfies ImageInArchive;

const FILES: ShippedFiles = {
  packages: [
    {
      name: '@itk-wasm/image-io',
      version: '1.6.1',
      license: 'Apache-2.0',
      integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
    },
    { name: 'openvino', version: '2026.4.1', license: 'Apache-2.0', type: 'pypi' },
    { name: 'unexpected', version: '1.0.0', license: 'SEE LICENSE IN x.txt' },
  ],
  models: [{ path: 'model.onnx', sha256: 'cd'.repeat(32) }],
  dpkgStatus: [
    'Package: libstdc++6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12.2.0-14+deb12u1\nDescription: x\n more text',
    'Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1',
  ].join('\n\n'),
  osRelease: 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
};

describe('sbom', () => {
  it('is valid CycloneDX 1.6', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const part of ['spdx', 'jsf-0.82']) {
      const place = `http://cyclonedx.org/schema/${part}.SNAPSHOT.schema.json`;
      ajv.addSchema({ ...(await schema(part)), $id: place });
    }
    const validate = ajv.compile(await schema('bom-1.6'));
    expect([validate(sbom(IMAGE, FILES)), validate.errors]).toEqual([true, null]);
    expect(validate({ ...sbom(IMAGE, FILES), specVersion: 7 })).toBe(false);
  });

  it('names each part with its version, digest and licence', () => {
    const { components, metadata } = sbom(IMAGE, FILES) as {
      components: Record<string, unknown>[];
      metadata: unknown;
    };
    expect(metadata).toMatchObject({
      timestamp: '2026-01-02T03:04:05Z',
      component: { type: 'container', name: 'hecktor-task1', version: '0.1.0' },
    });
    expect(components).toMatchObject([
      { type: 'operating-system', name: 'debian', version: '12' },
      { name: 'node', purl: 'pkg:generic/node@26.10.0' },
      {
        purl: 'pkg:npm/%40itk-wasm/image-io@1.6.1',
        hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }],
        licenses: [{ expression: 'Apache-2.0' }],
      },
      { purl: 'pkg:pypi/openvino@2026.4.1', licenses: [{ expression: 'Apache-2.0' }] },
      { name: 'unexpected', licenses: [{ license: { name: 'SEE LICENSE IN x.txt' } }] },
      { type: 'machine-learning-model', name: 'model.onnx', hashes: [{ alg: 'SHA-256' }] },
      { purl: 'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=bookworm' },
    ]);
  });

  it('is the same for the same image', () => {
    expect(sbom(IMAGE, FILES)).toEqual(sbom(IMAGE, FILES));
  });
});
