import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVerdict } from './verdict.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdict-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const WHOLE = { imageId: 'sha256:1', profile: 'hecktor25', passed: true, cases: [], outputs: {} };

describe('readVerdict', () => {
  const read = async (content: unknown) => {
    const file = join(folder, 'verdict.json');
    await writeFile(file, JSON.stringify(content));
    return readVerdict(file);
  };

  it('reads what a test run wrote', async () => {
    expect(await read(WHOLE)).toEqual(WHOLE);
  });

  it.each([
    null,
    [],
    'x',
    { ...WHOLE, cases: undefined },
    { ...WHOLE, outputs: null },
    { ...WHOLE, profile: 5 },
    { ...WHOLE, passed: 'yes' },
  ])('takes a damaged one for none: %j', async (content) => {
    expect(await read(content)).toBeUndefined();
  });
});
