import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { filesIn } from './folders.ts';

/** What lies in an output folder. */
export interface OutputDigests {
  /** sha256 by path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/**
 * The digest of every file in a folder. Links, pipes and the like are left out: they may lead to
 * files of this machine, or never end.
 */
export async function outputDigests(folder: string): Promise<OutputDigests> {
  const outputs: Record<string, string> = {};
  let bytes = 0;
  for (const path of await filesIn(folder)) {
    const file = join(folder, path);
    const { size, isFile } = await lstat(file).then((found) => ({
      size: found.size,
      isFile: found.isFile(),
    }));
    if (!isFile) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    outputs[path] = hash.digest('hex');
    bytes += size;
  }
  return { outputs, bytes };
}
