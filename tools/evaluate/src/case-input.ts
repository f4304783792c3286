import { copyFileSync, linkSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMissing, type CohortCase } from './read-cohort.ts';
import type { Task } from './tasks.ts';

/** Lays out one patient as the platform does: image folders and ehr.json without the targets. */
export function writeCaseInput(one: CohortCase, task: Task, folder: string): void {
  for (const [name, place] of Object.entries(task.inputs)) {
    const image = one.images[name];
    if (image === undefined) continue;
    mkdirSync(join(folder, place), { recursive: true });
    linkOrCopy(image, join(folder, place, basename(image)));
  }
  writeFileSync(join(folder, 'ehr.json'), JSON.stringify(clinicalRecord(one.row)));
}

/**
 * The clinical record of a row: numbers as JSON numbers, missing values left out, never the targets
 * of any task.
 */
export function clinicalRecord(
  row: Readonly<Record<string, string>>,
): Record<string, number | string> {
  const hidden = new Set(['PatientID', 'Relapse', 'RFS', 'HPV Status']);
  const kept = Object.entries(row).filter(([name, text]) => !hidden.has(name) && !isMissing(text));
  return Object.fromEntries(
    kept.map(([name, text]) => [name, Number.isFinite(Number(text)) ? Number(text) : text]),
  );
}

/**
 * A symbolic link would lead out of the input folder, which the program rightly refuses; one in the set
 * is followed, as a hard link to it would be such a link again.
 */
function linkOrCopy(image: string, to: string): void {
  const from = realpathSync(image);
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
