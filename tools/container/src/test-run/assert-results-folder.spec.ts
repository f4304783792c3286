import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assertResultsFolder } from './folders.ts';

const OUTPUT = 'images/mask/output.mha';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content = '') {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

describe('assertResultsFolder', () => {
  it('takes a new folder, an empty one and what a run that was cut short left', async () => {
    await assertResultsFolder(join(folder, 'new'), [{ path: OUTPUT }]);
    await assertResultsFolder(folder, [{ path: OUTPUT }]);
    await put(`patient/${OUTPUT}`);
    await assertResultsFolder(folder, [{ path: OUTPUT }]);
  });

  it('takes whatever a test run has left with its report', async () => {
    await put('surplus.npz');
    await put('report.json', '{"limits":{},"cases":[]}');
    await assertResultsFolder(folder, [{ path: OUTPUT }]);
  });

  it.each([
    ['thesis.docx', ''],
    ['report.json', '{"mine":true}'],
  ])('refuses a folder with other files (%s)', async (path, content) => {
    await put(path, content);
    await put('notes/thoughts.md');
    await expect(assertResultsFolder(folder, [{ path: OUTPUT }])).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      detail: expect.stringMatching(/thesis|thoughts/),
    });
  });

  it('does not take a folder for new because it cannot be read', async () => {
    // Reading it says ENOENT, as does reading a folder in which files come and go.
    const link = join(folder, 'link');
    await symlink(join(folder, 'gone'), link);
    await expect(assertResultsFolder(link, [{ path: OUTPUT }])).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
      file: link,
    });
  });

  it('refuses a file', async () => {
    await put('file');
    await expect(
      assertResultsFolder(join(folder, 'file'), [{ path: OUTPUT }]),
    ).rejects.toMatchObject({
      code: 'OUTPUT_WRITE_FAILED',
    });
  });
});
