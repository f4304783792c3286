import { openEngine, type Engine, type EngineName } from '@hecktor/container';

/**
 * The engine to test with; undefined where there is none, so that a suite can skip itself visibly.
 * Throws under CI=true, where nothing may be skipped.
 */
export async function engineForTests(name: EngineName = 'docker'): Promise<Engine | undefined> {
  try {
    return await openEngine(name);
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`container tests with ${name} are skipped: ${String(error)}\n`);
    return undefined;
  }
}
