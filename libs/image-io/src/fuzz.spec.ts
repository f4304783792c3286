import { readFile } from 'node:fs/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { isHecktorError } from '@hecktor/errors';
import { createRandom, type Random, useFolder } from '@hecktor/testing';
import { voxelCount } from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { loadGoldens, unpackGolden } from './fixtures/golden-cases.ts';
import { metaImage, nifti } from './fixtures/image-files.ts';
import { readVolume } from './index.ts';

/** Small enough that a wrong allocation shows as an accepted volume, not as a slow test. */
const MAX_BYTES = 1 << 20;

const packed = deflateSync(new Uint8Array(48).fill(3));
const SEEDS: readonly (readonly [name: string, content: Buffer, rounds: number])[] = [
  ['plain.mha', metaImage(), 800],
  [
    'zlib.mha',
    metaImage({ CompressedData: 'True', CompressedDataSize: String(packed.length) }, packed),
    800,
  ],
  ['list.mhd', metaImage({ ElementDataFile: 'LIST' }, 'a.raw\nb.raw\n'), 300],
  ['plain.nii', nifti(), 800],
  ['gzip.nii.gz', gzipSync(nifti()), 400],
];

/** Words that headers of damaged or hostile files hold. */
const WORDS = [
  '-1',
  '0',
  '1e308',
  'nan',
  '4294967296',
  '99999999999999999999',
  '../x',
  '%s',
  'LIST',
];

/** One to four damages: bytes changed, cut out, repeated or inserted; the end cut off; words. */
function damage(content: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(content);
  for (let n = random.integer(1, 4); n > 0 && bytes.length > 0; n--) {
    // Headers matter most: half of the damage goes to the first 400 bytes.
    const span = random.chance(0.5) ? Math.min(400, bytes.length) : bytes.length;
    const at = random.integer(0, span - 1);
    const length = random.integer(1, 12);
    const [before, part] = [bytes.subarray(0, at), bytes.subarray(at, at + length)];
    const after = bytes.subarray(at + length);
    const noise = Buffer.from(Array.from({ length }, () => random.integer(0, 255)));
    bytes = random.pick([
      () => Buffer.concat([before, noise, after]),
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, part, part, after]),
      () => Buffer.concat([before, Buffer.from(random.pick(WORDS)), after]),
      () => Buffer.from(before),
      () => Buffer.concat([before, Buffer.alloc(part.length, random.pick([0, 0xff, 0x80])), after]),
    ])();
  }
  return bytes;
}

describe('readVolume on damaged files gives a valid volume or a typed error', () => {
  const folder = useFolder();

  async function outcome(name: string, content: Buffer): Promise<string> {
    const path = folder.put(`fuzz/${name}`, content);
    try {
      const volume = await readVolume(path, { maxBytes: MAX_BYTES });
      const fits = volume.data.byteLength <= MAX_BYTES && volume.data.length === voxelCount(volume);
      return fits ? 'volume' : 'a volume that is not valid';
    } catch (error) {
      if (!isHecktorError(error)) return `another exception: ${String(error)}`;
      return error.code === 'INTERNAL' ? `internal: ${String(error.cause)}` : error.code;
    }
  }

  const acceptable = /^(?:volume|IMAGE_[A-Z_]+)$/;

  it.each(SEEDS)('%s', async (name, content, rounds) => {
    const random = createRandom(20250101);
    folder.put('fuzz/a.raw', new Uint8Array(24));
    folder.put('fuzz/b.raw', new Uint8Array(24));
    expect(await outcome(name, content)).toBe('volume');
    const seen = new Set<string>();
    for (let i = 0; i < rounds; i++) seen.add(await outcome(name, damage(content, random)));
    expect([...seen].filter((result) => !acceptable.test(result))).toEqual([]);
    expect(seen.size).toBeGreaterThan(3);
  });

  it('the inside of a .nii.gz', async () => {
    const random = createRandom(7);
    for (let i = 0; i < 300; i++) {
      expect(await outcome('inner.nii.gz', gzipSync(damage(nifti(), random)))).toMatch(acceptable);
    }
  });

  it('.tif', async () => {
    const goldens = loadGoldens('generated');
    const tiffs = goldens.filter(({ name }) => /^(?:int16-3|uint8-1)-.*\.tif$/.test(name));
    expect(tiffs.length).toBe(4);
    const random = createRandom(11);
    for (const golden of tiffs) {
      const content = await readFile(await unpackGolden(golden, folder.path));
      for (let i = 0; i < 25; i++) {
        expect(await outcome('x.tif', damage(content, random))).toMatch(acceptable);
      }
    }
  });
});
