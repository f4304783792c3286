import { useFolder } from '@hecktor/testing';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { metaImage } from './fixtures/image-files.ts';
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
    folder.put('secret.raw', VOXELS);
    await expect(readVolume(header(name))).rejects.toMatchObject(OUTSIDE);
    const list = header('LIST 3', `${name}\n`);
    await expect(readVolume(list)).rejects.toMatchObject(OUTSIDE);
  });

  it('may not be a pattern that leads out', async () => {
    await expect(readVolume(header('../s%d.raw 1 2 1'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may not be a link that leads out', async () => {
    const secret = folder.put('secret.raw', VOXELS);
    await mkdir(join(folder.path, 'case'), { recursive: true });
    await symlink(secret, join(folder.path, 'case/link.raw'));
    await expect(readVolume(header('link.raw'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may not lead through a linked folder', async () => {
    folder.put('elsewhere/data.raw', VOXELS);
    await symlink(join(folder.path, 'elsewhere'), join(folder.path, 'case/folder'));
    await expect(readVolume(header('folder/data.raw'))).rejects.toMatchObject(OUTSIDE);
  });

  it('may be a link inside the folder, and outside it when root allows', async () => {
    const inside = folder.put('case/data.raw', VOXELS);
    await symlink(inside, join(folder.path, 'case/inner.raw'));
    await expect(readVolume(header('inner.raw'))).resolves.toBeDefined();
    const path = header('link.raw');
    await expect(readVolume(path, { root: folder.path })).resolves.toBeDefined();
  });

  it('may lie beside the file that the header is a link to', async () => {
    folder.put('store/data.raw', VOXELS);
    const stored = folder.put('store/image.mhd', metaImage({ ElementDataFile: 'data.raw' }, ''));
    const path = join(folder.make('linked'), 'image.mhd');
    await symlink(stored, path);
    await expect(readVolume(path)).resolves.toBeDefined();
    await symlink(folder.at('store/data.raw'), folder.at('linked/data.raw'));
    await expect(readVolume(path)).resolves.toBeDefined();
    await rm(folder.at('linked/data.raw'));
    await symlink(folder.put('secret.raw', VOXELS), folder.at('linked/data.raw'));
    await expect(readVolume(path)).rejects.toMatchObject(OUTSIDE);
  });

  it('may not be a folder or an empty file', async () => {
    folder.put('case/empty.raw', '');
    await mkdir(join(folder.path, 'case/dir.raw'));
    await expect(readVolume(header('empty.raw'))).rejects.toMatchObject({
      code: 'IMAGE_EMPTY_FILE',
    });
    await expect(readVolume(header('dir.raw'))).rejects.toMatchObject({
      code: 'IMAGE_NOT_A_FILE',
    });
  });

  it('reads slices that are compressed one by one', async () => {
    const { deflateSync } = await import('node:zlib');
    folder.put('case/s1.z', deflateSync(VOXELS.subarray(0, 24)));
    folder.put('case/s2.z', deflateSync(VOXELS.subarray(24)));
    const fields = { CompressedData: 'True', ElementDataFile: 'LIST' };
    const path = folder.put('case/image.mhd', metaImage(fields, 's1.z\ns2.z'));
    const { data } = await readVolume(path);
    expect([...new Set(data as Int16Array)]).toEqual([0x0707]);
  });
});
