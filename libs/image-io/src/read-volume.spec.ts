import { useFolder } from '@hecktor/testing';
import { gzipSync } from 'node:zlib';
import { createGrid, createVolume } from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { metaImage, nifti } from './fixtures/image-files.ts';
import * as api from './index.ts';
import { readVolume, toNumeric } from './index.ts';

describe('readVolume', () => {
  const folder = useFolder();

  it.each([
    ['NIfTI named .mha', 'x.mha', nifti()],
    ['MetaImage named .nii.gz', 'x.nii.gz', metaImage()],
    ['gzip named .nii', 'x.nii', gzipSync(nifti())],
    ['NIfTI named .nii.gz', 'y.nii.gz', nifti()],
    ['MetaImage without a name ending', 'image', metaImage()],
  ])('goes by the content: %s', async (_, name, content) => {
    const volume = await readVolume(folder.put(name, content));
    expect(volume.size).toEqual([4, 3, 2]);
    expect([...new Set(volume.data as Int16Array)]).toEqual([0x0a0a]);
  });

  it.each([
    ['p.mha', metaImage()],
    ['p.nii', nifti()],
    ['p.nii.gz', gzipSync(nifti())],
    ['scaled.nii', nifti((header) => header.setFloat32(112, 3, true))],
  ])('reports progress up to the end: %s', async (name, content) => {
    const seen: number[] = [];
    const path = folder.put(name, content);
    await readVolume(path, { onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('accepts a little padding after the voxels of an uncompressed file', async () => {
    const path = folder.put('pad.mha', metaImage({}, new Uint8Array(60)));
    expect((await readVolume(path)).data.length).toBe(24);
  });

  it('reads two files at a time', async () => {
    const a = folder.put('a.nii.gz', gzipSync(nifti()));
    const b = folder.put('b.mha', metaImage());
    const [one, two] = await Promise.all([readVolume(a), readVolume(b)]);
    expect(one.data).toEqual(two.data);
  });
});

describe('toNumeric', () => {
  const grid = createGrid([2, 1, 1]);

  it('turns 64-bit integers into float64 and leaves the volume alone', () => {
    const volume = createVolume(grid, BigInt64Array.of(-5n, 2n ** 53n));
    expect(toNumeric(volume).data).toEqual(Float64Array.of(-5, 2 ** 53));
    expect(volume.data).toEqual(BigInt64Array.of(-5n, 2n ** 53n));
    const unsigned = createVolume(grid, BigUint64Array.of(0n, 7n));
    expect(toNumeric(unsigned).data).toEqual(Float64Array.of(0, 7));
  });

  it('passes every other type on, not copied', () => {
    const volume = createVolume(grid, Int16Array.of(1, 2));
    expect(toNumeric(volume)).toBe(volume);
  });
});

it('exports these names and no other', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
[
  "IMAGE_EXTENSIONS",
  "niftiParts",
  "readVolume",
  "runtimeAssets",
  "sniffFormat",
  "toNumeric",
  "writeVolume",
]
`);
});
