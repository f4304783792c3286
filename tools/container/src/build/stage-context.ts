import { HecktorError } from '@hecktor/errors';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesIn } from '../test-run/folders.ts';
import { isWeights, type Weights } from './check-files.ts';
import { stageOpenVino } from './stage-openvino.ts';

interface ContextSources extends Record<'root' | 'bundle' | 'resources', string> {
  /** The build context to be written; whatever was there goes. */
  context: string;
  /** Default: inside. */
  weights?: Weights;
  /** Whether the image gets OpenVINO too. Default: false. */
  openVino?: boolean;
}

// Layers should differ only where contents do, so every file gets the same time stamp.
const TIMESTAMP = new Date('2000-01-01T00:00:00Z');

const RUNTIME = ['onnxruntime-node', 'onnxruntime-common'];
const NATIVE = 'bin/napi-v6/linux/x64';

/**
 * Gathers exactly what an image needs in one folder: the runtime for linux/x64 (without the other
 * platforms' binaries and without what only its installer uses), the bundle and the resources.
 */
export async function stageContext(sources: ContextSources): Promise<void> {
  const { root, bundle, resources, context, weights = 'inside', openVino = false } = sources;
  const program = join(bundle, 'main.mjs');
  if (!(await isReadable(program))) {
    throw new HecktorError('CHECK_FAILED', {
      ...{ file: program, detail: 'the bundled program does not exist' },
      cause: 'the app was not built',
      fix: 'run its build target first',
    });
  }
  const recipe = join(resources, 'pipeline.json');
  if (!(await isReadable(recipe))) throw new HecktorError('RECIPE_MISSING', { file: recipe });
  await rm(context, { recursive: true, force: true });
  // Resources that a build put beside the program are left to their own layer.
  await copyTree(bundle, join(context, 'app'), (path) => !/^resources\/|\.map$/.test(path));
  await copyFile(join(root, 'LICENSE'), join(context, 'app/LICENSE'));
  const isHidden = (path: string) => /(^|\/)\./.test(path);
  // Weights are large and seldom change: a layer of their own, or none.
  const isLayer = (path: string) => weights === 'inside' && isWeights(path) && !isHidden(path);
  const isRest = (path: string) => !isWeights(path) && !isHidden(path);
  await copyTree(resources, join(context, 'weights'), isLayer);
  await copyTree(resources, join(context, 'resources'), isRest);
  for (const name of RUNTIME) {
    const from = join(root, 'node_modules', name);
    const to = join(context, 'runtime/node_modules', name);
    await mkdir(to, { recursive: true });
    await copyFile(join(from, 'package.json'), join(to, 'package.json'));
    await copyTree(join(from, 'dist'), join(to, 'dist'), (path) => /\.(js|json)$/.test(path));
  }
  await copyTree(
    join(root, 'node_modules/onnxruntime-node', NATIVE),
    join(context, 'runtime/node_modules/onnxruntime-node', NATIVE),
  );
  if (openVino) await stageOpenVino(root, context, copyTree);
  for (const name of ['Dockerfile', 'check.mjs']) {
    await copyFile(join(root, 'docker', name), join(context, name));
  }
  await normalise(context);
}

async function copyTree(
  from: string,
  to: string,
  wanted: (path: string) => boolean = () => true,
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const path of (await filesIn(from)).filter(wanted)) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
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

function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}
