import { join } from 'node:path';
import type { Api } from '../api.ts';
import { defaultTag, fromWorkspace, taskOf, type App } from '../app.ts';
import { buildImage } from '../build/build-image.ts';
import type { Weights } from '../build/check-files.ts';
import { imageName } from '../engine/image-facts.ts';
import { withInterruption } from '../engine/interruption.ts';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { withLock } from '../engine/with-lock.ts';
import { limitsOf } from '../test-run/limits.ts';
import { nextTarget, profileOf, runExecutor, type Context, type Outcome } from './run-executor.ts';

const NODE_IMAGE = 'node:26-bookworm-slim';

/** As in schemas/docker-build.json, the default of the base image too. */
interface BuildOptions {
  engine: EngineName;
  tag?: string | undefined;
  nodeImage?: string;
  resources?: string;
  bundle?: string;
  weights?: Weights;
  profile?: string | undefined;
  timeLimit?: number;
  api?: Api | undefined;
}

export default function dockerBuild(options: BuildOptions, context: Context): Promise<Outcome> {
  return runExecutor(context, async (app) => {
    await withInterruption('no image was made', (signal) => buildApp(app, options, signal));
    const { engine, tag } = options;
    console.log(nextTarget(app, 'docker-test-run', { engine, tag, more: testOptions(options) }));
  });
}

/** A test run builds as well, but with defaults: what was built otherwise is tested as it is. */
function testOptions(options: BuildOptions): string[] {
  const { weights, resources, bundle, nodeImage, profile, timeLimit, api } = options;
  if (weights === 'separate') return ['--profile=grand-challenge', '--model=<weights>'];
  const isDefault =
    (nodeImage ?? NODE_IMAGE) === NODE_IMAGE && (resources ?? bundle ?? timeLimit) === undefined;
  return [
    ...(profile === undefined ? [] : [`--profile=${profile}`]),
    ...(api === undefined ? [] : [`--api=${api}`]),
    ...(isDefault ? [] : ['--build=false']),
  ];
}

export async function buildApp(
  app: App,
  options: BuildOptions,
  signal: AbortSignal,
): Promise<void> {
  const tag = imageName(options.tag ?? defaultTag(app));
  const profile = await profileOf(app, options.profile);
  const { api } = options;
  const { timeLimit } = limitsOf(profile, taskOf(app), { timeLimit: options.timeLimit, api });
  const engine = await openEngine(options.engine);
  const context = join(app.workspace, 'dist/docker', app.name);
  const image = await withLock(context, () =>
    buildImage(engine, {
      ...{ app, tag, context, timeLimit, api, signal },
      nodeImage: options.nodeImage ?? NODE_IMAGE,
      bundle: fromWorkspace(app, options.bundle ?? join('dist/apps', app.name)),
      resources: fromWorkspace(app, options.resources ?? join(app.root, 'resources')),
      weights: options.weights ?? 'inside',
      onLine: (line) => console.log(line),
    }),
  );
  console.log(
    `\nbuilt ${tag}: ${image.id.slice(0, 19)}, ${(image.size / 1e6).toFixed(0)} MB unpacked, ` +
      `for a time limit of ${timeLimit} s`,
  );
}
