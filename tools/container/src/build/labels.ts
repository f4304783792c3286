import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_LABEL, type Api } from '../api.ts';
import { digestOf } from '../archive/tar.ts';
import { isWeights, resourceFiles, type Weights } from './check-files.ts';
import { exec } from '../engine/exec.ts';
import { TIME_LIMIT_LABEL } from '../test-run/limits.ts';

interface LabelSources {
  root: string;
  task: string;
  resources: string;
  source: SourceFacts;
  nodeImage: string;
  weights: Weights;
  timeLimit: number;
  api: Api;
}

/** OCI labels: what this image is, from which revision, with which recipe and weights. */
export async function imageLabels(sources: LabelSources): Promise<Record<string, string>> {
  const { root, task, resources, source, nodeImage, weights, timeLimit, api } = sources;
  const manifest = await readFile(join(root, 'package.json'), 'utf8');
  const { version, license, description } = JSON.parse(manifest) as Record<string, string>;
  return {
    'org.opencontainers.image.title': `hecktor-${task}`,
    'org.opencontainers.image.description': description!,
    'org.opencontainers.image.version': version!,
    'org.opencontainers.image.licenses': license!,
    'org.opencontainers.image.revision': source.revision,
    'org.opencontainers.image.created': source.date,
    'org.opencontainers.image.base.name': nodeImage,
    'hecktor.task': task,
    'hecktor.recipe': await recipeDigest(resources),
    'hecktor.models': await modelDigests(resources),
    'hecktor.weights': weights,
    [TIME_LIMIT_LABEL]: String(timeLimit),
    ...(api === 'invoke' && { [API_LABEL]: api }),
  };
}

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
  return `sha256:${(await digestOf(createReadStream(file))).sha256}`;
}

/** Which state of the sources an image is built from. */
export type SourceFacts = Awaited<ReturnType<typeof sourceFacts>>;

/** Asks git, and the environment variable that reproducible builds agree on. */
export async function sourceFacts(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
) {
  const head = await exec('git', ['-C', root, 'log', '-1', '--format=%H %ct']);
  const [commit, seconds] = head.code === 0 ? head.stdout.trim().split(' ') : [];
  const changes = await exec('git', ['-C', root, 'status', '--porcelain', '-uno']);
  return {
    /** Commit, with `-modified` after it where files differ from it; `unknown` outside git. */
    revision:
      commit === undefined ? 'unknown' : changes.stdout === '' ? commit : `${commit}-modified`,
    /** Time stamp for the image, ISO 8601: SOURCE_DATE_EPOCH, else the commit's, else a fixed one. */
    date: isoSeconds(env['SOURCE_DATE_EPOCH']) ?? isoSeconds(seconds) ?? '2000-01-01T00:00:00Z',
  };
}

function isoSeconds(seconds: string | undefined): string | undefined {
  if (seconds === undefined || !/^\d{1,11}$/.test(seconds)) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
