import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGoldenArray, readGoldenJson } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('goldens', () => {
  it('reads arrays of any type', () => {
    const file = join(folder, 'a.bin');
    writeFileSync(file, Float64Array.of(1.5, -2));
    expect([...readGoldenArray(file, 'float64', 2)]).toEqual([1.5, -2]);
  });
  it('refuses a file of another length', () => {
    const file = join(folder, 'b.bin');
    writeFileSync(file, Int16Array.of(1, 2, 3));
    expect(() => readGoldenArray(file, 'int16', 4)).toThrow('expected 8 bytes (int16), got 6');
  });
  it('refuses JSON without versions', () => {
    const file = join(folder, 'c.json');
    writeFileSync(file, '{"value": 1}');
    expect(() => readGoldenJson(file)).toThrow('versions');
    writeFileSync(file, '{"value": 1, "versions": {"numpy": "2"}}');
    expect(readGoldenJson<{ value: number }>(file).value).toBe(1);
  });
});
