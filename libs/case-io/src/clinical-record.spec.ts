import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readClinicalRecord } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'case-io-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, 'ehr.json');
  writeFileSync(file, text);
  return readClinicalRecord(file);
}

describe('readClinicalRecord', () => {
  it('reads the example of the challenge with missing values', () => {
    const { record, warnings } = read('{"Age": 71, "Gender": null, "M-stage": "M0",}');
    expect(record).toEqual({
      Age: { kind: 'number', value: 71, text: '71' },
      Gender: { kind: 'missing' },
      'M-stage': { kind: 'text', text: 'M0' },
    });
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

  it('says of UTF-16 that it is', () => {
    const file = join(folder, 'ehr.json');
    writeFileSync(file, Buffer.from('\ufeff{"Age": 71}', 'utf16le'));
    expect(() => readClinicalRecord(file)).toThrow('it is UTF-16 text, expected UTF-8');
  });

  it.each(['nowhere', 'link.json'])('refuses a link to %s', (target) => {
    const file = join(folder, 'link.json');
    symlinkSync(target, file);
    expect(() => readClinicalRecord(file)).toThrow('INPUT_JSON_INVALID');
    rmSync(file);
  });

  it('refuses a folder, a missing file and a huge one', () => {
    expect(() => readClinicalRecord(folder)).toThrow('it is not a file');
    expect(() => readClinicalRecord(join(folder, 'missing.json'))).toThrow('does not exist');
    expect(() => read(`{"a": "${'x'.repeat(5_000_000)}"}`)).toThrow('bytes, more than');
  });
});
