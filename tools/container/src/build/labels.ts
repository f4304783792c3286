import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isWeights, resourceFiles, type Weights } from './check-files.ts';
import { exec } from '../engine/exec.ts';
import { TIME_LIMIT_LABEL } from '../test-run/limits.ts';

/** Where the facts on the labels come from. */
interface LabelSources {
  root: string;
  task: string;
  resources: string;
  source: SourceFacts;
  nodeImage: string;
  weights: Weights;
  /** s. */
  timeLimit: number;
}

/** OCI labels: what this image is, from which revision, with which recipe and weights. */
export async function imageLabels(sources: LabelSources): Promise<Record<string, string>> {
  const { root, task, resources, source, nodeImage, weights, timeLimit } = sources;
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
    [TIME_LIMIT_LABEL]: String(timeLimit),
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

/** Which state of the sources an image is built from. */
export interface SourceFacts {
  /** Commit, with `-modified` after it where files differ from it; `unknown` outside git. */
  readonly revision: string;
  /** Time stamp for the image, ISO 8601: SOURCE_DATE_EPOCH, else the commit's, else a fixed one. */
  readonly date: string;
}

const UNKNOWN_DATE = '2000-01-01T00:00:00Z';

/** Asks git, and the environment variable that reproducible builds agree on. */
export async function sourceFacts(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SourceFacts> {
  const epoch = env['SOURCE_DATE_EPOCH'];
  const head = await exec('git', ['-C', root, 'log', '-1', '--format=%H %ct']);
  const [commit, seconds] = head.code === 0 ? head.stdout.trim().split(' ') : [];
  const changes = await exec('git', ['-C', root, 'status', '--porcelain', '-uno']);
  return {
    revision:
      commit === undefined ? 'unknown' : changes.stdout === '' ? commit : `${commit}-modified`,
    date: isoSeconds(epoch) ?? isoSeconds(seconds) ?? UNKNOWN_DATE,
  };
}

function isoSeconds(seconds: string | undefined): string | undefined {
  if (seconds === undefined || !/^\d{1,11}$/.test(seconds)) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
