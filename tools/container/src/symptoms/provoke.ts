import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engine/open-engine.ts';
import { arm64Program, PROVOCATION_FOLDER, type Provocation } from './provocations.ts';
import type { RunObservation } from './run-observation.ts';

/** Runs a provocation in an image, with no network and no rights, and says how it ended. */
export async function provoke(
  engine: Engine,
  image: string,
  { options, command }: Provocation,
): Promise<RunObservation> {
  const container = `hecktor-provocation-${process.pid}-${Date.now()}`;
  const folder = await mkdtemp(join(tmpdir(), 'provocation-'));
  try {
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'arm64-program'), arm64Program(), { mode: 0o755 });
    const result = await engine.exec([
      'run',
      ...['--name', container, '--network', 'none', '--user', '65532:65532', '--cap-drop', 'ALL'],
      ...['--volume', `${folder}:${PROVOCATION_FOLDER}:ro`],
      ...[...options, image, ...command],
    ]);
    const inspected = await engine.exec([
      ...['container', 'inspect', '--format', '{{.State.OOMKilled}}', container],
    ]);
    return {
      exitCode: result.code,
      timedOut: false,
      oomKilled: inspected.stdout.trim() === 'true',
      stderrTail: result.stderr,
      stdoutTail: result.stdout,
    };
  } finally {
    await engine.exec(['rm', '--force', '--volumes', container]);
    await rm(folder, { recursive: true, force: true });
  }
}
