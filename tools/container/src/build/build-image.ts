import { join } from 'node:path';
import type { Engine } from '../engine/open-engine.ts';
import { imageFacts, type ImageFacts } from '../engine/image-facts.ts';
import type { Task } from '../task.ts';
import { checkResources } from './check-resources.ts';
import { BUILD_ENV, buildArgs } from './build-args.ts';
import { imageLabels } from './labels.ts';
import { stageContext } from './stage-context.ts';

/** Options of {@link buildImage}; folders are absolute. */
export interface BuildImageOptions {
  task: Task;
  tag: string;
  nodeImage: string;
  bundle: string;
  resources: string;
  /** Called with each line of the engine's output. */
  onLine?: (line: string) => void;
}

/**
 * Stages the build context under dist/docker and builds the image from it.
 *
 * @throws HecktorError CHECK_FAILED, RECIPE_MISSING, RECIPE_INVALID or MODEL_FILE_NOT_FOUND before
 * building when something is missing or wrong, ENGINE_FAILED when the engine cannot build it.
 */
export async function buildImage(engine: Engine, options: BuildImageOptions): Promise<ImageFacts> {
  const { task, tag, nodeImage, bundle, resources, onLine } = options;
  const context = join(task.workspace, 'dist/docker', task.name);
  await checkResources(resources);
  await stageContext({ root: task.workspace, bundle, resources, context });
  const labels = await imageLabels({ root: task.workspace, task: task.name, resources });
  await engine.require(buildArgs({ tag, nodeImage, context, labels }), {
    env: BUILD_ENV,
    ...(onLine === undefined ? {} : { onLine }),
  });
  return imageFacts(engine, tag);
}
