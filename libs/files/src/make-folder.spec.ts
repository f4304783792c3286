import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './folders.ts';

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hecktor-folder-'));
});

afterEach(() => rmSync(scratch, { recursive: true }));

describe('makeFolder', () => {
  it('makes what is missing and names the uppermost folder made', () => {
    expect(makeFolder(join(scratch, 'a/b/c'))).toBe(join(scratch, 'a'));
    expect(existsSync(join(scratch, 'a/b/c'))).toBe(true);
    expect(makeFolder(join(scratch, 'a/b'))).toBeUndefined();
  });

  it('gives up where no folder can be made', () => {
    // Linux refuses folders in /proc; elsewhere / or a missing /proc refuses an ordinary user.
    expect(() => makeFolder('/proc/hecktor/out')).toThrow(/ENOENT|EACCES|EPERM|EROFS/);
  });
});
