import { describe, expect, it } from '@jest/globals';
import { imageErrors } from '../open-file.ts';
import { listDataFiles } from './data-files.ts';
import type { MetaHeader } from './meta-header.ts';

const header = (dims: number[], dataFile: string) => ({ dims, dataFile }) as unknown as MetaHeader;

describe('listDataFiles', () => {
  it('expands a pattern', () => {
    const files = listDataFiles(header([4, 4, 3], 's%03d.raw 2 6 2'), '', imageErrors('a.mhd'));
    expect(files).toEqual({ names: ['s002.raw', 's004.raw', 's006.raw'], voxelsEach: 16 });
  });

  it('refuses a pattern of two thousand million files before it lists them', () => {
    const listed = () =>
      listDataFiles(header([1, 1, 2_000_000_000], 'a%d.raw'), '', imageErrors('a.mha'));
    expect(listed).toThrow(/IMAGE_HEADER_INVALID \[a.mha\].*2000000000 files/);
  });

  it('refuses a name longer than a path can be', () => {
    const name = `%d 1${' '.repeat(400_000)}x`;
    const listed = () => listDataFiles(header([1, 1, 2], name), '', imageErrors('a.mha'));
    expect(listed).toThrow(/IMAGE_HEADER_INVALID \[a.mha\]/);
  });
});
