import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { realDataDir } from './real-data-dir.ts';

describe('realDataDir', () => {
  it('takes REAL_DATA_DIR', () => {
    expect(realDataDir({ REAL_DATA_DIR: tmpdir() })).toBe(tmpdir());
  });
  it('is undefined where there is no such folder', () => {
    expect(realDataDir({ REAL_DATA_DIR: '/nowhere/at/all' })).toBeUndefined();
  });
  it('throws under CI', () => {
    expect(() => realDataDir({ REAL_DATA_DIR: '/nowhere/at/all', CI: 'true' })).toThrow(
      'never skipped',
    );
  });
  it('is undefined under CI where none are meant to be there', () => {
    expect(realDataDir({ REAL_DATA_DIR: 'none', CI: 'true' })).toBeUndefined();
  });
  it('counts a relative path from the repository root', () => {
    expect(realDataDir({ REAL_DATA_DIR: 'libs/testing' })).toMatch(/libs.testing$/);
  });
});
