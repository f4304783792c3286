import { openEngine, type Engine } from '@hecktor/container';

/**
 * The engine to test with; undefined where there is none, so that a suite can skip itself visibly.
 * Throws under CI=true, where nothing may be skipped.
 */
export async function engineForTests(): Promise<Engine | undefined> {
  try {
    return await openEngine('docker');
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`container tests are skipped: ${String(error)}\n`);
    return undefined;
  }
}
