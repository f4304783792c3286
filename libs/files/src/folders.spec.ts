import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { isBelow, makeFolder } from './folders.ts';

const folder = useFolder();

describe('makeFolder', () => {
  it('makes what is missing and names the uppermost folder made', () => {
    expect(makeFolder(folder.at('a/b/c'))).toBe(folder.at('a'));
    expect(existsSync(folder.at('a/b/c'))).toBe(true);
    expect(makeFolder(folder.at('a/b'))).toBeUndefined();
  });

  it('gives up where no folder can be made', () => {
    // Linux refuses folders in /proc; elsewhere / or a missing /proc refuses an ordinary user.
    expect(() => makeFolder('/proc/hecktor/out')).toThrow(/ENOENT|EACCES|EPERM|EROFS/);
  });
});

describe('isBelow', () => {
  it.each([
    ['/case', '/case', true],
    ['/case', '/case/images/ct', true],
    ['/case', '/case/..images', true],
    ['/case', '/cases', false],
    ['/case/images', '/case', false],
    ['/case', '/', false],
  ])('%s holds %s: %s', (above, path, expected) => {
    expect(isBelow(above, path)).toBe(expected);
  });
});
