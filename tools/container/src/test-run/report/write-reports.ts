import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../whole-file.ts';
import type { TestRunReport } from './report.ts';
import { toHtml } from './to-html.ts';
import { toVerdict } from './to-verdict.ts';

/** Files beside the output. */
export interface WrittenReports {
  readonly json: string;
  readonly html: string;
}

/** Writes report.json and report.html beside the output, and what docker-save asks for. */
export async function writeReports(
  report: TestRunReport,
  { folder, verdict }: { folder: string; verdict: string },
): Promise<WrittenReports> {
  const files = { json: join(folder, 'report.json'), html: join(folder, 'report.html') };
  await writeWhole(files.json, `${JSON.stringify(report, withoutPictures, 2)}\n`);
  await writeWhole(files.html, toHtml(report));
  await mkdir(dirname(verdict), { recursive: true });
  await writeWhole(verdict, `${JSON.stringify(toVerdict(report), undefined, 2)}\n`);
  return files;
}

function withoutPictures(key: string, value: unknown): unknown {
  return key === 'picture' ? undefined : value;
}

/** A verdict of an earlier run says nothing about one that is cut short. */
export function forgetVerdict(verdict: string): Promise<void> {
  return rm(verdict, { force: true });
}
