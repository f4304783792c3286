import { findImage, labelMapOf, type Task } from '@hecktor/case-io';
import { renderOverlay, toPng } from '@hecktor/demo';
import { HecktorError, systemErrorCode } from '@hecktor/errors';
import { writeText as writeWhole } from '@hecktor/files';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toVerdict } from '../../save/verdict.ts';
import { isOutputSound } from '../rules/rules.ts';
import type { CaseReport, TestRunReport } from './report.ts';
import { toHtml } from './to-html.ts';

/**
 * Writes report.json, report.html and plan.json (the plans of each case) beside the output, and what
 * docker-save asks for.
 */
export async function writeReports(
  report: TestRunReport,
  { folder, verdict }: { folder: string; verdict: string },
) {
  const files = { json: join(folder, 'report.json'), html: join(folder, 'report.html') };
  const cases = report.cases.map((one) => ({ ...one, picture: undefined, plans: undefined }));
  const plans = report.cases.map(({ name, plans = [] }) => ({ case: name, plans }));
  await writeJson(join(folder, 'plan.json'), plans);
  await writeJson(files.json, { ...report, cases });
  await writeText(files.html, toHtml(report));
  await writeJson(verdict, toVerdict(report));
  return files;
}

export function writeJson(file: string, content: unknown): Promise<void> {
  return writeText(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Writes a file that nobody shall ever see half. Whatever has its name is replaced, not followed: a
 * container may have left a link or a folder there.
 */
export async function writeText(file: string, content: string): Promise<void> {
  try {
    const found = await lstat(file).catch(() => undefined);
    if (found?.isDirectory() === true) await rm(file, { recursive: true });
    await writeWhole(file, content);
  } catch (origin) {
    const { code, message } = origin as NodeJS.ErrnoException;
    throw new HecktorError(systemErrorCode(code) ?? 'OUTPUT_WRITE_FAILED', {
      ...{ file, detail: message, origin },
      cause: 'the disk is full, or this user may not write there',
      fix: 'free some space, or write to another folder',
    });
  }
}

/** A case's mask on its images, as PNG; undefined where there is no sound mask or no fitting image. */
export async function drawMask(
  { input, output, findings, name }: Omit<CaseReport, 'picture'>,
  task: Task,
): Promise<Uint8Array | undefined> {
  const drawn = labelMapOf(task);
  if (drawn === undefined || !isOutputSound(findings)) return undefined;
  const read = async (image: string) => {
    const socket = task.inputs.find((one) => one.name === image);
    return toNumeric(await readVolume((socket && findImage(input, socket)) ?? ''));
  };
  try {
    const mask = toNumeric(await readVolume(join(output, drawn.path)));
    return toPng(
      renderOverlay({
        ...{ ct: await read(drawn.grid), pet: await read('pet') },
        mask: { ...mask, data: Uint8Array.from(mask.data) },
        title: [`${name} - not for patients`],
      }),
    );
  } catch {
    return undefined;
  }
}
