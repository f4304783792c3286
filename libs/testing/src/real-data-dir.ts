import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The folder of real images: `REAL_DATA_DIR`, or `../shared/data` beside the repository; a relative
 * path counts from the repository's root. Undefined when there is none, so that a suite can skip
 * itself visibly. Throws under `CI=true`, where nothing may be skipped unless `REAL_DATA_DIR=none`
 * says so.
 */
export function realDataDir(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const wanted = env['REAL_DATA_DIR'] || join('..', 'shared', 'data');
  if (wanted === 'none') return undefined;
  const folder = isAbsolute(wanted) ? wanted : join(ROOT, wanted);
  if (existsSync(folder)) return folder;
  if (env['CI'] === 'true') {
    throw new Error(
      `No real images at ${folder}: under CI=true tests on real data are never skipped. ` +
        'Set REAL_DATA_DIR to their folder, or to "none" to skip them.',
    );
  }
  return undefined;
}
