import { exec } from '../engine/exec.ts';

/** Which state of the sources an image is built from. */
export interface SourceFacts {
  /** Commit, with `-modified` after it where files differ from it; `unknown` outside git. */
  readonly revision: string;
  /** Time stamp for the image, ISO 8601: SOURCE_DATE_EPOCH, else the commit's, else a fixed one. */
  readonly date: string;
}

const UNKNOWN_DATE = '2000-01-01T00:00:00Z';

/** Asks git, and the environment variable that reproducible builds agree on. */
export async function sourceFacts(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SourceFacts> {
  const epoch = env['SOURCE_DATE_EPOCH'];
  const head = await exec('git', ['-C', root, 'log', '-1', '--format=%H %ct']);
  const [commit, seconds] = head.code === 0 ? head.stdout.trim().split(' ') : [];
  const changes = await exec('git', ['-C', root, 'status', '--porcelain', '-uno']);
  return {
    revision:
      commit === undefined ? 'unknown' : changes.stdout === '' ? commit : `${commit}-modified`,
    date: isoSeconds(epoch) ?? isoSeconds(seconds) ?? UNKNOWN_DATE,
  };
}

function isoSeconds(seconds: string | undefined): string | undefined {
  if (seconds === undefined || !/^\d{1,11}$/.test(seconds)) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
