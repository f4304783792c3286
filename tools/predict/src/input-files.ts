import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { clinicalRecord, type CohortCase, type CohortTask } from '@hecktor/cohort';

/** A file of a case's input folder, with where it comes from. */
export type InputFile = { /** Below the input folder. */ readonly path: string } & (
  { readonly from: string } | { readonly text: string }
);

/**
 * What the input folder of a patient holds, as the platform lays it out: image folders, and the
 * clinical record without the truth.
 */
export function inputFiles(one: CohortCase, task: CohortTask): InputFile[] {
  return task.inputs.flatMap(({ kind, name, path }): InputFile[] => {
    if (kind === 'image') {
      const image = one.images[name];
      if (image === undefined) return [];
      return filesOf(image).map((from) => ({ path: join(path, basename(from)), from }));
    }
    if (one.record !== undefined) return [{ path, from: resolve(one.record) }];
    if (Object.keys(one.row).length === 0) return [];
    return [{ path, text: JSON.stringify(clinicalRecord(one.row, task.hiddenColumns)) }];
  });
}

/** The header of a .mhd names its data file, which lies beside it under the same name. */
function filesOf(image: string): string[] {
  const path = resolve(image);
  if (!/\.mhd$/i.test(path)) return [path];
  const stem = basename(path).slice(0, -'mhd'.length);
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(stem))
    .sort()
    .map((name) => join(dirname(path), name));
}

/**
 * Lays out an input folder.
 *
 * @param how `copy` for a program that does not see the cohort's folders, as in a container.
 */
export function layOutInput(
  files: readonly InputFile[],
  folder: string,
  how: 'link' | 'copy' = 'link',
): void {
  const bring = how === 'link' ? symlinkSync : linkOrCopy;
  for (const file of files) {
    const path = join(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    if ('text' in file) writeFileSync(path, file.text);
    else bring(file.from, path);
  }
}

/** A hard link where the disk is the same: a container that gets one file does not see the way to another. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(realpathSync(from), to);
  } catch {
    copyFileSync(from, to);
  }
}
