import { HecktorError } from '@hecktor/errors';
import { describe, expect, it } from '@jest/globals';
import { nameImageFile } from './serve-case.ts';

const PATHS = { ct: '/in/a.mha', pet: '/in/b.mha' };
const about = (detail: string, file?: string) =>
  new HecktorError('IMAGE_NOT_FINITE', { detail, ...(file !== undefined && { file }) });

describe('nameImageFile', () => {
  it('adds the file of the one image that an error names', () => {
    const error = nameImageFile(about('the image "pet" holds NaN'), PATHS);
    expect(error).toMatchObject({
      code: 'IMAGE_NOT_FINITE',
      file: '/in/b.mha',
      detail: 'the image "pet" holds NaN',
    });
  });

  it.each([
    ['names none', about('something holds NaN')],
    ['names two', about('"ct" and "pet" hold NaN')],
    ['has a file', about('the image "pet" holds NaN', '/elsewhere')],
    ['is none of ours', new Error('the image "pet"')],
  ])('leaves an error that %s', (_, error) => {
    expect(nameImageFile(error, PATHS)).toBe(error);
  });
});
