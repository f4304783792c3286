import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import type { Program } from '../program.ts';
import { findRuntime, RUNTIMES, type Runtime } from './container.ts';
import { unpackImage, type UnpackedImage } from './image.ts';

export interface ContainerChoice {
  /** Undefined: whichever is there, none without an image. */
  readonly runtime?: Runtime | 'none' | undefined;
  /** An archive of an image. Default: the task's submission, if there is one. */
  readonly archive?: string | undefined;
}

/**
 * The program in a container, or as it is where there is no runtime or no image; with a sentence that
 * says which.
 *
 * @throws HecktorError ENGINE_NOT_FOUND, IMAGE_NOT_BUILT or ARCHIVE_INVALID for what was asked for and cannot be.
 */
export async function inContainer(
  program: Program,
  task: string,
  { runtime: wanted, archive = join('dist', `submission_${task}.tar.gz`) }: ContainerChoice,
): Promise<{ readonly program: Program; readonly how: string }> {
  const native = { program, how: `elements run ${program.file} natively` };
  if (wanted === 'none') return native;
  const runtime = wanted ?? findRuntime();
  if (!existsSync(archive)) {
    if (wanted === undefined) return { ...native, how: `${native.how}: there is no ${archive}` };
    throw new HecktorError('IMAGE_NOT_BUILT', {
      file: archive,
      fix: `save it with docker-save, or name it with --image`,
    });
  }
  if (runtime === undefined) {
    return { ...native, how: `${native.how}: there is no ${RUNTIMES.join(', ')}` };
  }
  const image = await unpackImage(archive, 'dist/predict/images');
  return {
    program: programOf(image, runtime, program),
    how: `elements run ${archive} with ${runtime}`,
  };
}

/** The program as it lies in the unpacked image, so that its digests are taken like any other's. */
function programOf(image: UnpackedImage, runtime: Runtime, program: Program): Program {
  const at = (path: string): string => join(image.root, path);
  return {
    ...program,
    file: at(image.entrypoint.at(-1) ?? ''),
    resources: at(image.env['HECKTOR_RESOURCES'] ?? '/opt/app/resources'),
    modelFolder: at('/opt/ml/model'),
    container: { runtime, image },
  };
}
