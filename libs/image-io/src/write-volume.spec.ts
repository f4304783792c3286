import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom, useFolder } from '@hecktor/testing';
import {
  arrayClassOf,
  createGrid,
  createVolume,
  emptyVolume,
  type ScalarType,
  type Volume,
} from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { readVolume, writeVolume } from './index.ts';

const TYPES: readonly ScalarType[] = [
  'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64',
]; // prettier-ignore

/** Rows of rotations and reflections: the identity, axis swaps, half turns, an oblique one. */
const DIRECTIONS: Readonly<Record<string, readonly number[]>> = {
  identity: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  flipped: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
  'half turn': [-1, 0, 0, 0, -1, 0, 0, 0, 1],
  'turned over': [1, 0, 0, 0, -1, 0, 0, 0, -1],
  cyclic: [0, 0, 1, 1, 0, 0, 0, 1, 0],
  'swapped and flipped': [0, -1, 0, -1, 0, 0, 0, 0, -1],
  oblique: [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6],
  'oblique left-handed': [0.36, 0.48, 0.8, -0.8, 0.6, 0, 0.48, 0.64, -0.6],
};

function sample(type: ScalarType, direction = DIRECTIONS['oblique']!): Volume {
  const grid = createGrid([5, 4, 3], {
    spacing: [0.1 + 0.2, 1.5, 1 / 3],
    origin: [-123.456789012345, 1e-7, 987.25],
    direction: Float64Array.from(direction),
  });
  const random = createRandom(3);
  const data = new (arrayClassOf(type))(60);
  new Uint8Array(data.buffer).forEach((_, i, all) => (all[i] = random.integer(0, 255)));
  if (data instanceof Float32Array || data instanceof Float64Array) {
    data.forEach((_, i) => (data[i] = random.normal() * 1e4));
  }
  return createVolume(grid, data);
}

const bytes = ({ data }: Volume) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('writeVolume', () => {
  const folder = useFolder();

  describe.each(['.mha', '.nii', '.nii.gz'])('%s', (extension) => {
    it.each(TYPES)('keeps every voxel of type %s', async (type) => {
      const volume = sample(type);
      const path = join(folder.path, `${type}${extension}`);
      await writeVolume(path, volume);
      const back = await readVolume(path);
      expect(back.data.constructor).toBe(volume.data.constructor);
      expect(bytes(back).equals(bytes(volume))).toBe(true);
    });

    it.each(Object.entries(DIRECTIONS))('keeps the geometry: %s', async (name, direction) => {
      const volume = sample('uint8', direction);
      const path = join(folder.path, `${name}${extension}`);
      await writeVolume(path, volume);
      const back = await readVolume(path);
      // NIfTI holds single precision; MetaImage loses nothing.
      const digits = extension === '.mha' ? 15 : 6;
      expect(back.size).toEqual(volume.size);
      for (const field of ['spacing', 'origin', 'direction'] as const) {
        volume[field].forEach((value, i) => {
          const tolerance = Math.max(1, Math.abs(value)) * 10 ** -digits;
          expect(Math.abs(back[field][i]! - value)).toBeLessThanOrEqual(tolerance);
        });
      }
    });

    it('takes shared memory', async () => {
      const volume = emptyVolume(createGrid([5, 4, 3]), 'int16', { shared: true });
      volume.data.fill(-7);
      const path = join(folder.path, `shared${extension}`);
      await writeVolume(path, volume);
      const back = await readVolume(path, { shared: true });
      expect(back.data.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(bytes(back).equals(bytes(volume))).toBe(true);
    });

    it('does not change the volume', async () => {
      const volume = sample('float32');
      const before = structuredClone(volume);
      await writeVolume(join(folder.path, `same${extension}`), volume);
      expect(volume).toEqual(before);
    });
  });

  it('compresses a MetaImage unless told not to', async () => {
    const volume = emptyVolume(createGrid([64, 64, 16]), 'uint8');
    const [small, large] = ['small.mha', 'large.mha'].map((name) => join(folder.path, name));
    await writeVolume(small!, volume);
    await writeVolume(large!, volume, { compress: false });
    const text = (await readFile(small!)).toString('latin1');
    expect(text.length).toBeLessThan(1000);
    const { length } = await readFile(large!);
    expect(length).toBeGreaterThan(65_536);
    const size = Number(/CompressedDataSize = (\d+)/.exec(text)?.[1]);
    expect(text.length - text.indexOf('LOCAL\n') - 6).toBe(size);
    expect((await readVolume(small!)).data).toEqual(volume.data);
    expect((await readVolume(large!)).data).toEqual(volume.data);
  });

  it('writes the anatomical orientation as MetaIO does', async () => {
    const path = join(folder.path, 'letters.mha');
    await writeVolume(path, sample('uint8', DIRECTIONS['cyclic']));
    expect((await readFile(path)).toString('latin1')).toContain('AnatomicalOrientation = AIR\n');
  });

  it('refuses other extensions, before touching the file system', async () => {
    await expect(writeVolume('/nowhere/x.png', sample('uint8'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('refuses a side that NIfTI cannot hold', async () => {
    const volume = emptyVolume(createGrid([32_768, 1, 1]), 'uint8');
    await expect(writeVolume(join(folder.path, 'long.nii'), volume)).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
    });
  });

  it('leaves nothing behind when it fails, and what was there before as it was', async () => {
    const target = join(folder.path, 'failing');
    await mkdir(join(target, 'taken.mha', 'full'), { recursive: true });
    await writeFile(join(target, 'old.nii'), 'old');
    await expect(writeVolume(join(target, 'taken.mha'), sample('uint8'))).rejects.toMatchObject({
      code: 'IMAGE_WRITE_FAILED',
    });
    await expect(writeVolume(join(target, 'no/x.mha'), sample('uint8'))).rejects.toMatchObject({
      code: 'IMAGE_WRITE_FAILED',
      detail: 'the system reports ENOENT',
    });
    expect((await readdir(target)).sort()).toEqual(['old.nii', 'taken.mha']);
    await writeVolume(join(target, 'old.nii'), sample('uint8'));
    await chmod(join(target, 'old.nii'), 0o600);
    expect((await readVolume(join(target, 'old.nii'))).size).toEqual([5, 4, 3]);
  });
});
