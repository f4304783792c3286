import { HecktorError } from '@hecktor/errors';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isWeights, type Weights } from './check-files.ts';

/** Folders that make up a build context. */
export interface ContextSources {
  /** The workspace. */
  root: string;
  /** Folder with main.mjs. */
  bundle: string;
  /** Folder with pipeline.json and the weights. */
  resources: string;
  /** The build context to be written; whatever was there goes. */
  context: string;
  /** Whether the weights are taken along. Default: inside. */
  weights?: Weights;
}

// Layers should differ only where contents do, so every file gets the same time stamp.
const TIMESTAMP = new Date('2000-01-01T00:00:00Z');

const RUNTIME = ['onnxruntime-node', 'onnxruntime-common'];
const NATIVE = 'bin/napi-v6/linux/x64';

/**
 * Gathers exactly what an image needs in one folder: the runtime for linux/x64 (without the other
 * platforms' binaries and without what only its installer uses), the bundle and the resources.
 *
 * @throws HecktorError CHECK_FAILED when the bundle is missing, RECIPE_MISSING when the resources
 * hold no recipe.
 */
export async function stageContext(sources: ContextSources): Promise<void> {
  const { root, bundle, resources, context, weights = 'inside' } = sources;
  await requireFile(
    join(bundle, 'main.mjs'),
    () =>
      new HecktorError('CHECK_FAILED', {
        file: join(bundle, 'main.mjs'),
        detail: 'the bundled program does not exist',
        cause: 'the app was not built',
        fix: 'run its build target first',
      }),
  );
  await requireFile(
    join(resources, 'pipeline.json'),
    () => new HecktorError('RECIPE_MISSING', { file: join(resources, 'pipeline.json') }),
  );
  await rm(context, { recursive: true, force: true });
  // Resources that a build put beside the program are left to their own layer.
  await copyTree(
    bundle,
    join(context, 'app'),
    (path) => !isSourceMap(path) && !path.startsWith('resources/'),
  );
  await copyFile(join(root, 'LICENSE'), join(context, 'app/LICENSE'));
  await copyTree(
    resources,
    join(context, 'resources'),
    (path) => !isHidden(path) && !isWeights(path),
  );
  // Weights are large and seldom change: a layer of their own, or none.
  await copyTree(
    resources,
    join(context, 'weights'),
    (path) => weights === 'inside' && !isHidden(path) && isWeights(path),
  );
  for (const name of RUNTIME) {
    const from = join(root, 'node_modules', name);
    const to = join(context, 'runtime/node_modules', name);
    await mkdir(to, { recursive: true });
    await copyFile(join(from, 'package.json'), join(to, 'package.json'));
    await copyTree(join(from, 'dist'), join(to, 'dist'), isScript);
  }
  await copyTree(
    join(root, 'node_modules/onnxruntime-node', NATIVE),
    join(context, 'runtime/node_modules/onnxruntime-node', NATIVE),
  );
  for (const name of ['Dockerfile', 'check.mjs']) {
    await copyFile(join(root, 'docker', name), join(context, name));
  }
  await normalise(context);
}

const isSourceMap = (path: string) => path.endsWith('.map');
const isHidden = (path: string) => path.split('/').some((part) => part.startsWith('.'));
const isScript = (path: string) => /\.(js|json)$/.test(path);

async function copyTree(
  from: string,
  to: string,
  wanted: (path: string) => boolean = () => true,
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const source = join(entry.parentPath ?? entry.path, entry.name);
    const path = source.slice(from.length + 1);
    if (entry.isDirectory() || !wanted(path)) continue;
    await mkdir(join(to, path, '..'), { recursive: true });
    await copyFile(source, join(to, path), constants.COPYFILE_FICLONE);
  }
}

/** The container's user owns nothing and must be able to read everything. */
async function normalise(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await normalise(path);
    await chmod(path, entry.isDirectory() ? 0o755 : 0o644);
    await utimes(path, TIMESTAMP, TIMESTAMP);
  }
}

async function requireFile(file: string, error: () => HecktorError): Promise<void> {
  await access(file, constants.R_OK).catch(() => {
    throw error();
  });
}
