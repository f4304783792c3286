import { join } from 'node:path';
import { buildImage, type BuildImageOptions } from '../build/build-image.ts';
import type { Weights } from '../build/weights.ts';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { imageName } from '../engine/image-name.ts';
import { withLock } from '../engine/with-lock.ts';
import { defaultTag, type Task } from '../task.ts';
import { nextTarget } from './next-target.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';
import { withInterruption } from './with-interruption.ts';

/** As in schemas/docker-build.json. */
const NODE_IMAGE = 'node:26-bookworm-slim';

/** Options as in schemas/docker-build.json. */
export interface BuildOptions {
  engine: EngineName;
  tag?: string;
  nodeImage?: string;
  resources?: string;
  bundle?: string;
  weights?: Weights;
}

export default function dockerBuild(options: BuildOptions, context: Context): Promise<Outcome> {
  return runExecutor(context, async (task) => {
    await withInterruption('no image was made', (signal) => buildTask(task, options, signal));
    const { engine, tag } = options;
    console.log(nextTarget(task, 'docker-test-run', { engine, tag, more: testOptions(options) }));
  });
}

/** A test run builds as well, but with defaults: what was built otherwise is tested as it is. */
function testOptions({ weights, resources, bundle, nodeImage }: BuildOptions): string[] {
  if (weights === 'separate') return ['--profile=grand-challenge', '--model=<weights>'];
  const isDefault = (nodeImage ?? NODE_IMAGE) === NODE_IMAGE && (resources ?? bundle) === undefined;
  return isDefault ? [] : ['--build=false'];
}

/** Builds a task's image and says so. */
export async function buildTask(
  task: Task,
  options: BuildOptions,
  signal: AbortSignal,
): Promise<void> {
  const tag = imageName(options.tag ?? defaultTag(task));
  const engine = await openEngine(options.engine);
  const context = join(task.workspace, 'dist/docker', task.name);
  const build: BuildImageOptions = {
    ...{ task, tag, context },
    nodeImage: options.nodeImage ?? NODE_IMAGE,
    bundle: fromWorkspace(task, options.bundle ?? join('dist/apps', task.name)),
    resources: fromWorkspace(task, options.resources ?? join(task.root, 'resources')),
    weights: options.weights ?? 'inside',
    onLine: (line) => console.log(line),
    signal,
  };
  const image = await withLock(context, () => buildImage(engine, build));
  console.log(
    `\nbuilt ${tag}: ${image.id.slice(0, 19)}, ${(image.size / 1e6).toFixed(0)} MB unpacked`,
  );
}
