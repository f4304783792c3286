import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readGoldenArray, readGoldenJson } from './golden.ts';
import { useFolder } from './use-folder.ts';

const folder = useFolder();

describe('goldens', () => {
  it('reads arrays of any type', () => {
    const file = folder.at('a.bin');
    writeFileSync(file, Float64Array.of(1.5, -2));
    expect([...readGoldenArray(file, 'float64', 2)]).toEqual([1.5, -2]);
  });
  it('refuses a file of another length', () => {
    const file = folder.at('b.bin');
    writeFileSync(file, Int16Array.of(1, 2, 3));
    expect(() => readGoldenArray(file, 'int16', 4)).toThrow('expected 8 bytes (int16), got 6');
  });
  it('refuses JSON without versions', () => {
    const file = folder.at('c.json');
    writeFileSync(file, '{"value": 1}');
    expect(() => readGoldenJson(file)).toThrow('versions');
    writeFileSync(file, '{"value": 1, "versions": {"numpy": "2"}}');
    expect(readGoldenJson<{ value: number }>(file).value).toBe(1);
  });
});
