import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exec } from '../engine/exec.ts';

/** Where the facts on the labels come from. */
export interface LabelSources {
  root: string;
  task: string;
  resources: string;
}

/** OCI labels: what this image is, from which revision, with which recipe and weights. */
export async function imageLabels(sources: LabelSources): Promise<Record<string, string>> {
  const { root, task, resources } = sources;
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  const models = (await readdir(resources)).filter((name) => name.endsWith('.onnx')).sort();
  const digests: string[] = [];
  for (const name of models) digests.push(`${name}=${await sha256(join(resources, name))}`);
  return {
    'org.opencontainers.image.title': `hecktor-${task}`,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': license,
    'org.opencontainers.image.revision': await revision(root),
    'hecktor.task': task,
    'hecktor.recipe': await sha256(join(resources, 'pipeline.json')),
    'hecktor.models': digests.join(' '),
  };
}

async function revision(root: string): Promise<string> {
  const head = await exec('git', ['-C', root, 'rev-parse', 'HEAD']);
  if (head.code !== 0) return 'unknown';
  const changes = await exec('git', ['-C', root, 'status', '--porcelain', '-uno']);
  return changes.stdout === '' ? head.stdout : `${head.stdout}-modified`;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}
