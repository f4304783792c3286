import { HecktorError } from '@hecktor/errors';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Api } from '../api.ts';
import { taskOf, type App } from '../app.ts';
import { repackImage, type RepackOptions } from '../archive/repack-image.ts';
import { imageFacts, isStandIn, type ImageFacts } from '../engine/image-facts.ts';
import { engineWords, localName, saveStream, type Engine } from '../engine/open-engine.ts';
import type { Weights } from './check-files.ts';
import { checkResources } from './check-resources.ts';
import { imageLabels, sourceFacts, type SourceFacts } from './labels.ts';
import { stageContext } from './stage-context.ts';

/** Folders are absolute. */
export interface BuildImageOptions {
  app: App;
  tag: string;
  nodeImage: string;
  bundle: string;
  resources: string;
  /** Whether the weights are part of the image. Default: inside. */
  weights?: Weights;
  /** How the platform is to run it. Default: exec. */
  api?: Api | undefined;
  /** At which the program ends by itself, s. Default: the task's under the document's rules. */
  timeLimit?: number;
  /** What the image says of its sources. Default: asked of git. */
  source?: SourceFacts;
  /** Folder for the build context. Default: dist/docker/<app>. */
  context?: string;
  /** Ends it; its reason is thrown. */
  signal?: AbortSignal | undefined;
  /** Called with each line of the engine's output. */
  onLine?: (line: string) => void;
}

/**
 * Stages the build context under dist/docker, has the engine build the image and loads what any
 * build of the same contents would give: the same image id on the same engine.
 *
 * @throws HecktorError before anything is built when something is missing or wrong.
 */
export async function buildImage(engine: Engine, options: BuildImageOptions): Promise<ImageFacts> {
  const {
    app,
    tag,
    nodeImage,
    bundle,
    resources,
    onLine,
    signal,
    weights = 'inside',
    api = 'exec',
  } = options;
  const task = taskOf(app);
  const timeLimit = options.timeLimit ?? task.timeLimit.hecktor25;
  const { openVino } = await checkResources(resources, { task, weights, onNote: onLine });
  const base = await baseImage(engine, nodeImage);
  const warning = standInWarning(base);
  if (warning !== undefined) onLine?.(warning);
  const root = app.workspace;
  const context = options.context ?? join(root, 'dist/docker', app.name);
  await stageContext({ root, bundle, resources, context, weights, openVino });
  const source = options.source ?? (await sourceFacts(root));
  const sources = { root, task: app.name, resources, source, nodeImage, weights, timeLimit };
  const labels = await imageLabels({ ...sources, api });
  signal?.throwIfAborted();
  const build = `${process.pid}-${Date.now()}`;
  const unpacked = `hecktor-unpacked-${app.name}:${build}`;
  try {
    const args = buildArgs({ tag: unpacked, nodeImage, context, build, timeLimit, api });
    await engine.require(args, {
      // Makes BuildKit write one plain image, as the platform wants it, without an attestation.
      env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
      onLine: (line) => line.includes(unpacked) || onLine?.(line),
      signal,
    });
    signal?.throwIfAborted();
    await reload(engine, unpacked, context, {
      ...{ baseLayers: base.layers.length, created: source.date, labels, signal },
      tag: localName(engine, tag),
    });
  } finally {
    await engine.exec(['image', 'rm', '--force', unpacked]);
    await engine.exec(['image', 'prune', '--force', '--filter', `label=hecktor.build=${build}`]);
  }
  return imageFacts(engine, tag);
}

/** Takes an image out of the engine and puts it back without the traces of its build. */
async function reload(
  engine: Engine,
  from: string,
  beside: string,
  { signal, ...repack }: RepackOptions & Pick<BuildImageOptions, 'signal'>,
): Promise<void> {
  const folder = await mkdtemp(`${beside}-`);
  try {
    const file = join(folder, 'image.tar');
    await saveStream(engine, from, (stdout) =>
      pipeline(stdout, createWriteStream(file), { signal }),
    );
    const image = await repackImage(file, repack);
    signal?.throwIfAborted();
    await engine.require(['load'], { input: image.bytes() });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface BuildArgs extends Pick<BuildImageOptions, 'tag' | 'nodeImage'> {
  context: string;
  /** Tells what this build leaves behind from other builds'. */
  build: string;
  timeLimit: number;
  api: Api;
}

/** Arguments of `docker build` and `podman build`, understood with and without BuildKit. */
export function buildArgs(args: BuildArgs): string[] {
  const { tag, nodeImage, context, build, timeLimit, api } = args;
  return [
    'build',
    // A step that fails leaves no container behind, without BuildKit either.
    '--force-rm',
    ...['--platform', 'linux/amd64'],
    ...['--network', 'none'],
    ...['--build-arg', `NODE_IMAGE=${nodeImage}`],
    ...['--build-arg', `BUILD=${build}`],
    ...['--build-arg', `TIME_LIMIT_S=${timeLimit}`],
    ...['--build-arg', `API=${api}`],
    ...['--tag', tag],
    context,
  ];
}

/** The base image, pulled if it is not here. */
async function baseImage(engine: Engine, name: string): Promise<ImageFacts> {
  if ((await engine.exec(['image', 'inspect', name])).code !== 0) {
    const { code, stderr } = await engine.exec(['pull', '--platform', 'linux/amd64', name]);
    const detail = `${name}: ${engineWords(stderr)}`;
    if (code !== 0) throw new HecktorError('BASE_IMAGE_UNAVAILABLE', { detail });
  }
  const facts = await imageFacts(engine, name);
  if (facts.architecture === 'amd64') return facts;
  throw new HecktorError('WRONG_ARCHITECTURE', {
    detail: `the base image ${name} on this machine is for ${facts.architecture}`,
    cause: 'it was pulled for this machine, not for the platform',
    fix: `run \`${engine.name} pull --platform linux/amd64 ${name}\` and build again`,
  });
}

/** A warning when an image was not made from the official base image. */
export function standInWarning(image: Pick<ImageFacts, 'labels'>): string | undefined {
  return isStandIn(image)
    ? 'warning: the base image is a stand-in made on this machine, not the official Node image; ' +
        'build a submission where the official image can be pulled'
    : undefined;
}
