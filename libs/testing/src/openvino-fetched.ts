import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../node_modules/.openvino', import.meta.url));

/**
 * Whether OpenVINO's libraries are here, so that a suite can skip itself visibly.
 *
 * @throws Error under CI=true where they are missing, unless OPENVINO=none says so.
 */
export function openVinoFetched(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['OPENVINO'] === 'none') return false;
  if (existsSync(FOLDER)) return true;
  if (env['CI'] !== 'true') return false;
  throw new Error(
    'OpenVINO is missing: run python3 tools/export/fetch_openvino.py, or set OPENVINO=none',
  );
}
