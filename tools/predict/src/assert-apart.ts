import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Cohort } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { isBelow } from '@hecktor/files';

/**
 * Refuses a folder for predictions that would mix them with a cohort's data, or replace it. Another
 * folder beside the patients is none of them, and will do.
 *
 * @throws HecktorError OPTION_INVALID naming both folders.
 */
export function assertApart(out: string, { data, table, cases }: Cohort): void {
  const refusal = (detail: string): HecktorError =>
    new HecktorError('OPTION_INVALID', {
      detail: `--out: ${out} ${detail}`,
      cause: 'predictions would mix with the data, or take its place',
      fix: 'name a folder that holds nothing else, e.g. --out=predictions',
    });
  const root = realPath(table === undefined ? data : dirname(table));
  const place = realPath(out);
  if (place === root) throw refusal(`is the folder of the cohort, ${data}`);
  const results = join(place, 'cases');
  for (const { id, images, record = [] } of cases) {
    const files = [Object.values(images), record].flat();
    // Images may lie beside their table; what is below it need not be a patient's.
    for (const folder of [join(root, id), ...files.map(dirname)].map(realPath)) {
      if (folder === root) continue;
      if (isBelow(folder, place)) throw refusal(`lies in ${folder}, the data of ${id}`);
      if (isBelow(results, folder))
        throw refusal(`has its results where ${folder} is, the data of ${id}`);
    }
  }
}

/** A path with links followed, of what is there of it. */
function realPath(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  return join(realPath(dirname(full)), basename(full));
}
