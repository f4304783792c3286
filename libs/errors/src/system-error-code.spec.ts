import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE, CATALOGUE_SECTIONS, errorDocs, systemErrorCode } from './index.ts';

const codeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  throw new Error('nothing was thrown');
};

describe('systemErrorCode', () => {
  it('knows what Node says about a file that does not exist', () => {
    expect(systemErrorCode(codeOf(() => readFileSync('/no/such/file')))).toBe('FILE_NOT_FOUND');
  });

  it('knows what Node says about a full device', () => {
    const code = codeOf(() => writeFileSync('/dev/full', 'x'));
    expect(systemErrorCode(code)).toBe('DISK_FULL');
  });

  it('leaves what it does not know alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'system-error-'));
    symlinkSync('loop', join(folder, 'loop'));
    expect(systemErrorCode(codeOf(() => readFileSync(join(folder, 'loop'))))).toBeUndefined();
    rmSync(folder, { recursive: true });
    for (const code of [undefined, 28, '', 'constructor']) {
      expect(systemErrorCode(code)).toBeUndefined();
    }
  });
});

describe('the sections of the catalogue', () => {
  it('hold every code once', () => {
    const codes = CATALOGUE_SECTIONS.flatMap(({ entries }) => Object.keys(entries));
    expect(codes.sort()).toEqual(Object.keys(CATALOGUE).sort());
  });

  it('are pointed to by stable anchors', () => {
    expect(errorDocs('OUT_OF_MEMORY')).toBe('docs/errors.md#out_of_memory');
  });
});
