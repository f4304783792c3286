import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { exec } from '../engine/exec.ts';
import { parallelGzip } from '../save/write-archive.ts';
import { contentOf } from './tar.ts';

/** Partly repetitive bytes, the same in every run. */
function bytes(length: number): Buffer {
  const noise = createHash('sha512').update('seed').digest();
  const chunks: Buffer[] = [];
  for (let i = 0; i * 64 < length; i++) {
    chunks.push(i % 3 === 0 ? createHash('sha512').update(String(i)).digest() : noise);
  }
  return Buffer.concat(chunks).subarray(0, length);
}

async function* inChunks(data: Buffer, size: number) {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

const packed = (data: Buffer, chunk: number, blockSize = 10_000) =>
  contentOf(parallelGzip(inChunks(data, chunk), { blockSize }));

describe('parallelGzip', () => {
  it.each([0, 1, 9_999, 10_000, 10_001, 500_000])('gives %d bytes back', async (length) => {
    const data = bytes(length);
    expect(gunzipSync(await packed(data, 777)).equals(data)).toBe(true);
  });

  it('is one member whatever the chunks, the same bytes each time', async () => {
    const data = bytes(200_000);
    const whole = await packed(data, 200_000);
    expect((await packed(data, 3)).equals(whole)).toBe(true);
    // A second member would begin with gzip's magic number and the zero flags of the first.
    expect(whole.indexOf(whole.subarray(0, 10), 10)).toBe(-1);
  });

  it('satisfies gzip -t and says the length as gzip -l expects it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gzip-'));
    try {
      const file = join(folder, 'a.gz');
      await writeFile(file, await packed(bytes(123_456), 1000));
      expect(await exec('gzip', ['-t', file])).toMatchObject({ code: 0, stderr: '' });
      expect((await exec('gzip', ['-l', file])).stdout).toContain('123456');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('passes a failure of its source on', async () => {
    async function* failing() {
      yield bytes(50_000);
      throw new Error('the source broke');
    }
    await expect(contentOf(parallelGzip(failing(), { blockSize: 1000 }))).rejects.toThrow(
      'the source broke',
    );
  });
});
