import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { makeFolder, writeAtomically, type WriteOptions } from '@hecktor/files';
import { writeVolume } from '@hecktor/image-io';
import type { Volume } from '@hecktor/volume';
import type { TaskOutput } from './task.ts';

/** The output of a task, as far as writing it needs. */
export type OutputFile = Pick<TaskOutput, 'name' | 'path'>;

/**
 * Writes an output whole or not at all.
 *
 * @throws HecktorError OUTPUT_WRITE_FAILED, or what `write` threw if that is a HecktorError.
 */
export async function writeOutput(
  path: string,
  write: (temporary: string) => void | Promise<void>,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await writeAtomically(path, write, options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    if (!isHecktorError(error)) throw outputError(path, error);
    throw error.code === 'IMAGE_WRITE_FAILED' ? outputError(path, error.cause ?? error) : error;
  }
}

/**
 * Writes one number or one boolean as JSON to its path below the output folder, which it returns.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID for a number that JSON cannot hold; OUTPUT_WRITE_FAILED.
 */
export async function writeJson(
  output: string,
  target: OutputFile,
  value: number | boolean,
  options: WriteOptions = {},
): Promise<string> {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: `${target.name} is ${value}` });
  }
  const path = join(output, target.path);
  await writeOutput(path, (temporary) => writeFileSync(temporary, JSON.stringify(value)), options);
  return path;
}

/** Writes a label map, compressed, to its path below the output folder, which it returns. */
export async function writeLabelMap(
  output: string,
  target: OutputFile,
  labels: Volume<Uint8Array>,
  options: WriteOptions = {},
): Promise<string> {
  const path = join(output, target.path);
  const write = (temporary: string) => writeVolume(temporary, labels, { compress: true });
  await writeOutput(path, write, options);
  return path;
}

/**
 * Removes the output that an earlier run left, so that a run that fails cannot be taken for one
 * that made it. Throws OUTPUT_WRITE_FAILED, also when a folder has its place.
 */
export function removeOutput(output: string, target: OutputFile): void {
  const path = join(output, target.path);
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw outputError(path, error);
  }
}

/**
 * Throws OUTPUT_WRITE_FAILED unless files can be made in the output folder, so that a run does not
 * compute for minutes only to fail at its end. A missing folder is made.
 */
export function assertWritable(folder: string): void {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, '');
    unlinkSync(probe);
  } catch (error) {
    throw outputError(folder, error);
  }
}

/** Says what the operating system said about an output, in the catalogue's words. */
export function outputError(path: string, origin: unknown): HecktorError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'Permission denied',
    EPERM: 'Permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of the path is a file',
    EISDIR: 'a folder has its place',
    ELOOP: 'a link leads to itself',
    EEXIST: 'a link that leads nowhere has its place',
    ENAMETOOLONG: 'the path is too long',
    ENOENT: 'a part of the path does not exist',
  };
  const { code } = origin as NodeJS.ErrnoException;
  return new HecktorError('OUTPUT_WRITE_FAILED', {
    file: path,
    detail: reasons[code ?? ''] ?? code ?? 'the write failed',
    origin,
  });
}
