import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './with-lock.ts';

const FOLDER = `/nowhere/${process.pid}-${Date.now()}`;

describe('withLock', () => {
  it('lets one at a time work in a folder', async () => {
    const inner = withLock(FOLDER, () => withLock(FOLDER, () => Promise.resolve(1)));
    await expect(inner).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      file: FOLDER,
      detail: `process ${process.pid} is at work there`,
    });
    expect(await withLock(FOLDER, () => withLock(`${FOLDER}-2`, () => Promise.resolve(2)))).toBe(2);
  });

  it.each([String(2 ** 22 + 1), ''])('takes over what a killed process left: "%s"', async (pid) => {
    const name = createHash('sha256').update(FOLDER).digest('hex').slice(0, 16);
    await writeFile(join(tmpdir(), `hecktor-${name}.lock`), pid);
    expect(await withLock(FOLDER, () => Promise.resolve(3))).toBe(3);
  });
});
