import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ImageConfig } from '../src/archive/image-config.ts';
import { contentOf, TAR_END, tarEntry } from '../src/archive/tar.ts';

/** What a made-up archive for tests deviates in from a sound one. */
export interface Deviations {
  config?: Partial<ImageConfig>;
  /** Files of the only layer, by their path. */
  files?: Readonly<Record<string, string>>;
  images?: number;
  /** Puts other bytes in the layer's place than its digest says. */
  otherLayer?: boolean;
  withoutLayer?: boolean;
  withoutManifest?: boolean;
  /** Stores the layer compressed, as some engines do. */
  gzipLayer?: boolean;
}

/** A small image archive (.tar) with one layer, sound unless told otherwise; for tests. */
export async function craftedArchive(deviations: Deviations = {}): Promise<Buffer> {
  const layer = await layerOf(deviations.files ?? { 'opt/app/main.mjs': 'export {};' });
  const other = await layerOf({ 'opt/app/main.mjs': 'changed' });
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    history: [{ created_by: 'COPY' }],
    ...deviations.config,
    config: { User: '65532', Entrypoint: ['node', 'main.mjs'], ...deviations.config?.config },
  } satisfies ImageConfig);
  const id = sha256(Buffer.from(config));
  const image = { Config: `${id}.json`, RepoTags: ['crafted:latest'], Layers: ['layer.tar'] };
  const manifest = JSON.stringify(Array(deviations.images ?? 1).fill(image));
  const stored = deviations.otherLayer === true ? other : layer;
  return tarOf({
    ...(deviations.withoutLayer === true
      ? {}
      : { 'layer.tar': deviations.gzipLayer === true ? gzipSync(stored) : stored }),
    [`${id}.json`]: config,
    ...(deviations.withoutManifest === true ? {} : { 'manifest.json': manifest }),
  });
}

const layerOf = (files: Readonly<Record<string, string>>) => tarOf(files);

async function tarOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    parts.push(await contentOf(tarEntry({ name, size: content.length }, content)));
  }
  return Buffer.concat([...parts, TAR_END]);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
