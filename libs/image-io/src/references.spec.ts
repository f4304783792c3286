import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { metaImage, useFolder } from './fixtures/image-files.ts';
import { readVolume } from './index.ts';

const VOXELS = new Uint8Array(48).fill(7);
const OUTSIDE = { code: 'IMAGE_OUTSIDE_FOLDER' };

describe('references inside a MetaImage', () => {
  const folder = useFolder();
  const header = (ElementDataFile: string, rest = '') =>
    folder.put('case/image.mhd', metaImage({ ElementDataFile }, rest));

  it.each([
    ['a parent folder', '../secret.raw'],
    ['a parent folder on the way', 'sub/../../secret.raw'],
    ['a parent folder, with backslashes', '..\\secret.raw'],
    ['an absolute path', '/etc/passwd'],
    ['an absolute Windows path', 'C:\\secret.raw'],
    ['a network path', '\\\\host\\secret.raw'],
  ])('may not be %s', async (_, name) => {
    await folder.put('secret.raw', VOXELS);
    await expect(readVolume(await header(name))).rejects.toMatchObject(OUTSIDE);
    const list = await header('LIST 3', `${name}\n`);
    await expect(readVolume(list)).rejects.toMatchObject(OUTSIDE);
  });

  it('may not be a pattern that leads out', async () => {
    await expect(readVolume(await header('../s%d.raw 1 2 1'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may not be a link that leads out', async () => {
    const secret = await folder.put('secret.raw', VOXELS);
    await mkdir(join(folder.path, 'case'), { recursive: true });
    await symlink(secret, join(folder.path, 'case/link.raw'));
    await expect(readVolume(await header('link.raw'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may not lead through a linked folder', async () => {
    await folder.put('elsewhere/data.raw', VOXELS);
    await symlink(join(folder.path, 'elsewhere'), join(folder.path, 'case/folder'));
    await expect(readVolume(await header('folder/data.raw'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may be a link inside the folder, and outside it when root allows', async () => {
    const inside = await folder.put('case/data.raw', VOXELS);
    await symlink(inside, join(folder.path, 'case/inner.raw'));
    await expect(readVolume(await header('inner.raw'))).resolves.toBeDefined();
    const path = await header('link.raw');
    await expect(readVolume(path, { root: folder.path })).resolves.toBeDefined();
  });

  it('may not be a folder or an empty file', async () => {
    await folder.put('case/empty.raw', '');
    await mkdir(join(folder.path, 'case/dir.raw'));
    await expect(readVolume(await header('empty.raw'))).rejects.toMatchObject({
      code: 'IMAGE_EMPTY_FILE',
    });
    await expect(readVolume(await header('dir.raw'))).rejects.toMatchObject({
      code: 'IMAGE_NOT_A_FILE',
    });
  });

  it('reads slices that are compressed one by one', async () => {
    const { deflateSync } = await import('node:zlib');
    await folder.put('case/s1.z', deflateSync(VOXELS.subarray(0, 24)));
    await folder.put('case/s2.z', deflateSync(VOXELS.subarray(24)));
    const fields = { CompressedData: 'True', ElementDataFile: 'LIST' };
    const path = await folder.put('case/image.mhd', metaImage(fields, 's1.z\ns2.z'));
    const { data } = await readVolume(path);
    expect([...new Set(data as Int16Array)]).toEqual([0x0707]);
  });
});
