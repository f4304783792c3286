import { join } from 'node:path';
import { buildImage } from '../build/build-image.ts';
import type { Weights } from '../build/weights.ts';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { defaultTag } from '../task.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';

/** Options as in schemas/docker-build.json. */
interface Options {
  engine: EngineName;
  tag?: string;
  nodeImage: string;
  resources?: string;
  bundle?: string;
  weights?: Weights;
}

export default function dockerBuild(options: Options, context: Context): Promise<Outcome> {
  return runExecutor(context, async (task) => {
    const tag = options.tag ?? defaultTag(task);
    const image = await buildImage(await openEngine(options.engine), {
      task,
      tag,
      nodeImage: options.nodeImage,
      bundle: fromWorkspace(task, options.bundle ?? join('dist/apps', task.name)),
      resources: fromWorkspace(task, options.resources ?? join(task.root, 'resources')),
      weights: options.weights ?? 'inside',
      onLine: (line) => console.log(line),
    });
    console.log(
      `\nbuilt ${tag}: ${image.id.slice(0, 19)}, ${(image.size / 1e6).toFixed(0)} MB unpacked`,
    );
    console.log(`next: nx run ${task.name}:docker-test-run`);
  });
}
