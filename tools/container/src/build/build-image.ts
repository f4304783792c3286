import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HecktorError } from '@hecktor/errors';
import { repackImage } from '../archive/repack-image.ts';
import { imageFacts, type ImageFacts } from '../engine/image-facts.ts';
import { engineWords, type Engine } from '../engine/open-engine.ts';
import { localName } from '../engine/local-name.ts';
import type { Task } from '../task.ts';
import { baseImage, standInWarning } from './base-image.ts';
import { BUILD_ENV, buildArgs } from './build-args.ts';
import { checkResources } from './check-resources.ts';
import { imageLabels } from './labels.ts';
import { sourceFacts, type SourceFacts } from './source-facts.ts';
import { stageContext } from './stage-context.ts';
import type { Weights } from './weights.ts';

/** Options of {@link buildImage}; folders are absolute. */
export interface BuildImageOptions {
  task: Task;
  tag: string;
  nodeImage: string;
  bundle: string;
  resources: string;
  /** Whether the weights are part of the image. Default: inside. */
  weights?: Weights;
  /** What the image says of its sources. Default: asked of git. */
  source?: SourceFacts;
  /** Folder for the build context. Default: dist/docker/<task>. */
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
 * @throws HecktorError before building when something is missing or wrong (CHECK_FAILED,
 * BASE_IMAGE_UNAVAILABLE, or as {@link checkResources} does); ENGINE_FAILED when the engine cannot
 * build it.
 */
export async function buildImage(engine: Engine, options: BuildImageOptions): Promise<ImageFacts> {
  const { task, nodeImage, bundle, resources, onLine, signal, weights = 'inside' } = options;
  await checkResources(resources, {
    task: task.name,
    weights,
    ...(onLine === undefined ? {} : { onNote: onLine }),
  });
  const base = await baseImage(engine, nodeImage);
  const warning = standInWarning(base);
  if (warning !== undefined) onLine?.(warning);
  const context = options.context ?? join(task.workspace, 'dist/docker', task.name);
  await stageContext({ root: task.workspace, bundle, resources, context, weights });
  const source = options.source ?? (await sourceFacts(task.workspace));
  const labels = await imageLabels({
    ...{ root: task.workspace, task: task.name, resources, source, nodeImage, weights },
  });
  signal?.throwIfAborted();
  const build = `${process.pid}-${Date.now()}`;
  const unpacked = `hecktor-unpacked-${task.name}:${build}`;
  try {
    await engine.require(buildArgs({ tag: unpacked, nodeImage, context, build }), {
      env: BUILD_ENV,
      onLine: (line) => {
        if (!line.includes(unpacked)) onLine?.(line);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    signal?.throwIfAborted();
    await reload(engine, {
      ...{ from: unpacked, tag: options.tag, created: source.date, labels },
      ...{ baseLayers: base.layers.length, beside: context, signal },
    });
  } finally {
    await engine.exec(['image', 'rm', '--force', unpacked]);
    await engine.exec(['image', 'prune', '--force', '--filter', `label=hecktor.build=${build}`]);
  }
  return imageFacts(engine, options.tag);
}

interface Reload {
  readonly from: string;
  readonly tag: string;
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly baseLayers: number;
  /** Temporary files lie beside this folder. */
  readonly beside: string;
  readonly signal: AbortSignal | undefined;
}

/** Takes an image out of the engine and puts it back without the traces of its build. */
async function reload(engine: Engine, options: Reload): Promise<void> {
  const { from, tag, created, labels, baseLayers, beside, signal } = options;
  const folder = await mkdtemp(`${beside}-`);
  try {
    const file = join(folder, 'image.tar');
    const saving = engine.stream(['save', from]);
    try {
      await pipeline(
        saving.stdout,
        createWriteStream(file),
        signal === undefined ? {} : { signal },
      );
    } finally {
      saving.kill();
    }
    const { code, stderr } = await saving.ended;
    if (code !== 0) {
      throw new HecktorError('ENGINE_FAILED', {
        detail: `"${engine.name} save" ended with code ${code}: ${engineWords(stderr)}`,
      });
    }
    const image = await repackImage(file, {
      ...{ baseLayers, created, labels, tag: localName(engine, tag) },
    });
    signal?.throwIfAborted();
    await engine.feed(['load'], image.bytes());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
