import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { hashFiles } from './hash-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'hash-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Buffer): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

describe('hashFiles', () => {
  it('gives the digest of each file, in their order', async () => {
    const contents = [Buffer.alloc(3 * 2 ** 20 + 7, 5), Buffer.alloc(0), Buffer.from('weights')];
    const paths = contents.map((content, i) => file(`${i}.onnx`, content));
    expect(await hashFiles(paths)).toEqual(
      contents.map((content) => createHash('sha256').update(content).digest('hex')),
    );
  });

  it('fails when a file cannot be read', async () => {
    const good = file('good.onnx', Buffer.from('a'));
    await expect(hashFiles([good, join(folder, 'none.onnx')])).rejects.toThrow('ENOENT');
  });
});
