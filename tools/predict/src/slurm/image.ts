import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { hashFiles } from '@hecktor/runtime';

/** An image as a folder, which Apptainer, Charliecloud and Podman run alike. */
export interface UnpackedImage {
  /** Its root file system. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  /** Without HOME, which is the runtime's affair and which the program does not need. */
  readonly env: Readonly<Record<string, string>>;
}

interface Config {
  readonly config: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
  };
}

/** Where a case is bound. Not every runtime can make a mount point below a read-only root. */
export const MOUNTS = { input: '/input', output: '/output' } as const;

/**
 * Unpacks the archive that docker-save wrote into a folder of `images`, named by the archive's digest:
 * once, whole or not at all.
 *
 * @throws HecktorError ARCHIVE_INVALID for a file that is no such archive.
 */
export async function unpackImage(archive: string, images: string): Promise<UnpackedImage> {
  const folder = join(images, (await hashFiles([archive]))[0]!.slice(0, 16));
  const about = join(folder, 'image.json');
  if (!existsSync(about)) {
    const partial = `${folder}.partial-${process.pid}`;
    try {
      writeFileSync(join(make(partial), 'image.json'), JSON.stringify(flatten(archive, partial)));
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const { config } = JSON.parse(readFileSync(about, 'utf8')) as Config;
  const env = (config.Env ?? []).map((line) => line.split(/=(.*)/s).slice(0, 2));
  return {
    root: resolve(folder, 'root'),
    entrypoint: config.Entrypoint ?? [],
    env: Object.fromEntries(env.filter(([name]) => name !== 'HOME')) as Record<string, string>,
  };
}

/** Puts the layers on top of one another in `<folder>/root`. */
function flatten(archive: string, folder: string): Config {
  const [parts, root] = [make(join(folder, 'parts')), make(join(folder, 'root'))];
  tar(archive, '-x', '-C', parts);
  const manifest = join(parts, 'manifest.json');
  if (!existsSync(manifest)) throw invalid(archive, 'it has no manifest.json');
  const [image, second] = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest[];
  if (image === undefined || second !== undefined)
    throw invalid(archive, 'expected one image in it');
  for (const name of image.Layers) {
    const layer = join(parts, name);
    for (const entry of tar(layer, '-t').split('\n')) removeWhitedOut(root, entry);
    // Devices take root, and a runtime brings its own.
    tar(layer, '-x', '-C', root, '--no-same-owner', '--exclude=.wh.*', '--exclude=dev/*');
  }
  for (const place of [...Object.values(MOUNTS), '/dev', '/proc', '/sys', '/tmp']) {
    make(join(root, place));
  }
  const config = JSON.parse(readFileSync(join(parts, image.Config), 'utf8')) as Config;
  rmSync(parts, { recursive: true });
  return config;
}

interface Manifest {
  readonly Config: string;
  readonly Layers: readonly string[];
}

/** `a/.wh.b` in a layer: b of the layers below is gone; `a/.wh..wh..opq`: all that a held is. */
function removeWhitedOut(root: string, entry: string): void {
  const [, above = '', name] = /^(.*\/)?\.wh\.(.+)$/.exec(entry) ?? [];
  if (name === undefined) return;
  const gone = name === '.wh..opq' ? join(root, above) : join(root, above, name);
  rmSync(gone, { recursive: true, force: true });
}

function tar(file: string, ...args: readonly string[]): string {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync('tar', ['-f', file, ...args], options);
  if (status === 0) return stdout;
  throw invalid(file, `tar says: ${stderr.trim().split('\n').at(-1)}`);
}

function make(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

function invalid(file: string, detail: string): HecktorError {
  return new HecktorError('ARCHIVE_INVALID', {
    file,
    detail,
    cause: 'it is damaged, or not what docker-save writes',
    fix: 'save the image again with the docker-save target',
  });
}
