import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readUsage } from './measure-process.ts';

describe('readUsage', () => {
  it('reads VmHWM and CPU time, whatever the program is called', () => {
    const root = mkdtempSync(join(tmpdir(), 'bench-'));
    mkdirSync(join(root, '7'));
    writeFileSync(join(root, '7/status'), 'Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 10 kB\n');
    writeFileSync(join(root, '7/stat'), `7 (a) b (c) R 1 7 7 0 -1 4 9 0 0 0 250 50 0 0 20 0\n`);
    expect(readUsage(7, root)).toEqual({ peak: 2 ** 21, cpu: 3 });
  });

  it('gives nothing for a process that has ended', () => {
    expect(readUsage(7, mkdtempSync(join(tmpdir(), 'bench-')))).toBeUndefined();
  });
});
