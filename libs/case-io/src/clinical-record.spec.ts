import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseTolerantJson, readClinicalRecord } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'case-io-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, 'ehr.json');
  writeFileSync(file, text);
  return readClinicalRecord(file);
}

describe('parseTolerantJson', () => {
  it.each([
    ['{"a": 1}', { a: 1 }, 0],
    ['\uFEFF{"a": 1}', { a: 1 }, 0],
    ['{"a": [1, 2,], }', { a: [1, 2] }, 1],
    ['{"a": NaN, "b": -Infinity,\n}', { a: null, b: null }, 3],
    ['{"a, }": "NaN, ]", "b": NaN}', { 'a, }': 'NaN, ]', b: null }, 1],
    ['{"quote\\"": NaN}', { 'quote"': null }, 1],
  ])('reads %j', (text, value, warnings) => {
    const parsed = parseTolerantJson(text);
    expect(parsed.value).toEqual(value);
    expect(parsed.warnings).toHaveLength(warnings);
  });

  it.each(['{"a": }', '{"a": nan}', '{', '{"a": 1,, }', "{'a': 1}", '{"a": NaNa}'])(
    'refuses %j',
    (text) => expect(() => parseTolerantJson(text)).toThrow(SyntaxError),
  );
});

describe('readClinicalRecord', () => {
  it('reads the example of the challenge with missing values', () => {
    const { record, warnings } = read('{"Age": 71, "Gender": null, "M-stage": "M0",}');
    expect(record).toEqual({ Age: 71, Gender: null, 'M-stage': 'M0' });
    expect(warnings).toEqual(['a trailing comma was skipped']);
  });

  it.each(['[1]', '3', 'null', '"text"', '', '{"Age": seventy}'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow('INPUT_JSON_INVALID');
  });

  it('never quotes the record', () => {
    const thrown = (() => {
      try {
        return read('{"Age": 71 "Name": "Secret"}');
      } catch (error) {
        return error as Error;
      }
    })();
    expect(thrown).toBeInstanceOf(Error);
    expect((thrown as Error).message).toContain('it is not JSON at position');
    expect((thrown as Error).message).not.toContain('Secret');
  });

  it('refuses a folder, a missing file and a huge one', () => {
    expect(() => readClinicalRecord(folder)).toThrow('it is not a file');
    expect(() => readClinicalRecord(join(folder, 'missing.json'))).toThrow('does not exist');
    expect(() => read(`{"a": "${'x'.repeat(5_000_000)}"}`)).toThrow('bytes, more than');
  });
});
