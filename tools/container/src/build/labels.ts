import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { resourceFiles } from './odd-files.ts';
import type { SourceFacts } from './source-facts.ts';
import { isWeights, type Weights } from './weights.ts';

/** Where the facts on the labels come from. */
export interface LabelSources {
  root: string;
  task: string;
  resources: string;
  source: SourceFacts;
  nodeImage: string;
  weights: Weights;
}

/** OCI labels: what this image is, from which revision, with which recipe and weights. */
export async function imageLabels(sources: LabelSources): Promise<Record<string, string>> {
  const { root, task, resources, source, nodeImage, weights } = sources;
  const { version, license, description } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as { version: string; license: string; description: string };
  return {
    'org.opencontainers.image.title': `hecktor-${task}`,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': license,
    'org.opencontainers.image.revision': source.revision,
    'org.opencontainers.image.created': source.date,
    'org.opencontainers.image.base.name': nodeImage,
    'hecktor.task': task,
    'hecktor.recipe': await recipeDigest(resources),
    'hecktor.models': await modelDigests(resources),
    'hecktor.weights': weights,
  };
}

/** The recipe's digest. */
export function recipeDigest(resources: string): Promise<string> {
  return sha256(join(resources, 'pipeline.json'));
}

/** Each file with weights and its digest: `a.onnx=sha256:… b.onnx=sha256:…`. */
export async function modelDigests(resources: string): Promise<string> {
  const digests: string[] = [];
  for (const name of (await resourceFiles(resources)).filter(isWeights)) {
    digests.push(`${name}=${await sha256(join(resources, name))}`);
  }
  return digests.join(' ');
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}
