import { HecktorError } from '@hecktor/errors';
import { lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesIn } from './folders.ts';

const REPORT = 'report.json';
const OURS = [REPORT, 'report.html', 'log.txt'];

/**
 * Throws unless a folder may be emptied: it does not exist, is empty, has the report of an earlier
 * test run, or nothing but outputs, as a run that was cut short leaves it.
 *
 * @param output - Path of the output that a run writes, below the folder.
 * @throws HecktorError OUTPUT_WRITE_FAILED
 */
export async function assertResultsFolder(folder: string, output: string): Promise<void> {
  const files = await filesIn(folder).catch(async (origin: NodeJS.ErrnoException) => {
    // A file that vanishes while the folder is read gives the same code.
    const isNew = lstat(folder).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (origin.code === 'ENOENT' && (await isNew)) return [];
    throw refusal(folder, 'it is no folder that can be read', origin);
  });
  const foreign = files.find((path) => ![...OURS, basename(output)].includes(basename(path)));
  if (foreign === undefined || (await isReport(join(folder, REPORT)))) return;
  throw refusal(folder, `it holds files that are not of a test run, such as ${foreign}`);
}

async function isReport(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /"limits"/.test(text) && /"cases"/.test(text);
}

function refusal(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('OUTPUT_WRITE_FAILED', {
    ...{ file, detail, origin },
    cause: 'a folder for something else was given; it would be emptied before the run',
    fix: 'give a new or an empty folder with --output=<folder>',
  });
}
