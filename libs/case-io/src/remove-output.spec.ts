import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeOutput, RFS, SEGMENTATION } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('removeOutput', () => {
  it('removes the file of its socket and nothing else', () => {
    for (const name of ['rfs.json', 'log.txt']) writeFileSync(join(folder, name), '1');
    removeOutput(folder, RFS);
    expect(existsSync(join(folder, 'rfs.json'))).toBe(false);
    expect(existsSync(join(folder, 'log.txt'))).toBe(true);
  });

  it('is content when there is none, nor a folder for it', () => {
    expect(() => removeOutput(folder, RFS)).not.toThrow();
    expect(() => removeOutput(folder, SEGMENTATION)).not.toThrow();
  });

  it('refuses a folder in its place', () => {
    mkdirSync(join(folder, 'rfs.json'));
    expect(() => removeOutput(folder, RFS)).toThrow(/OUTPUT_WRITE_FAILED.*a folder has its place/);
  });

  it('names permissions as the reason where another user made the file', () => {
    // Below /proc nothing can be removed, by nobody.
    const socket = { ...RFS, path: 'self/maps' };
    expect(() => removeOutput('/proc', socket)).toThrow(/OUTPUT_WRITE_FAILED.*Permission denied/);
  });
});
