import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { makeFolder, writeAtomically, type WriteOptions } from '@hecktor/files';
import { writeVolume } from '@hecktor/image-io';
import type { Volume } from '@hecktor/volume';
import { expectedValue, fitsOutput, inFile, type JsonValue } from './output-value.ts';
import type { TaskOutput } from './task.ts';

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

/** The values of a task's outputs by their names; of a label map its volume. */
export type OutputValues = Readonly<Record<string, JsonValue | Volume<Uint8Array>>>;

/**
 * Writes all outputs of a task to their paths below the output folder, which it returns, or none:
 * each is whole under a temporary name before the first gets its own. Label maps are compressed.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID for a value that its output may not hold;
 * OUTPUT_WRITE_FAILED.
 */
export async function writeOutputs(
  folder: string,
  outputs: readonly TaskOutput[],
  values: OutputValues,
  options: WriteOptions = {},
): Promise<string[]> {
  const writers = outputs.map((output) => writerOf(output, values[output.name]));
  const paths = outputs.map(({ path }) => join(folder, path));
  const writeFrom = async (i: number): Promise<void> => {
    if (i === paths.length) return;
    const write = async (temporary: string): Promise<void> => {
      await writers[i]!(temporary);
      await writeFrom(i + 1);
    };
    await writeOutput(paths[i]!, write, options);
  };
  try {
    await writeFrom(0);
  } catch (error) {
    for (const path of paths) discard(path);
    throw error;
  }
  return paths;
}

/** Removes a file of a set that is not whole; why it is not says more than a failure here. */
function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Not written, or a folder has its place.
  }
}

type Writer = (temporary: string) => void | Promise<void>;

function writerOf(output: TaskOutput, value: OutputValues[string] | undefined): Writer {
  if (output.kind === 'label-map') {
    if (typeof value !== 'object') throw noValue(output, value);
    return (temporary) => writeVolume(temporary, value, { compress: true });
  }
  const held = typeof value === 'object' ? value : inFile(output, value);
  if (!fitsOutput(output, held)) throw noValue(output, held);
  return (temporary) => writeFileSync(temporary, JSON.stringify(held));
}

function noValue(output: TaskOutput, value: unknown): HecktorError {
  const found = typeof value === 'object' ? 'a label map' : String(value);
  return new HecktorError('MODEL_OUTPUT_INVALID', {
    detail: `${output.name} is ${found}, expected ${expectedValue(output)}`,
  });
}

/**
 * Removes the outputs that an earlier run left, so that a run that fails cannot be taken for one
 * that made them. Throws OUTPUT_WRITE_FAILED, also when a folder has the place of one.
 */
export function removeOutputs(folder: string, outputs: readonly Pick<TaskOutput, 'path'>[]): void {
  for (const output of outputs) {
    const path = join(folder, output.path);
    try {
      unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outputError(path, error);
    }
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
    EEXIST: 'a file, or a link that leads nowhere, has its place',
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
