import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { useFolder, withoutRights } from '@hecktor/testing';
import { parseClinicalRecord } from '@hecktor/clinical';
import { readClinicalRecord } from './index.ts';

const folder = useFolder();

function read(content: string | Uint8Array) {
  return readClinicalRecord(folder.put('ehr.json', content));
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
    const text = Buffer.from('\ufeff{"Age": 71}', 'utf16le');
    expect(() => read(text)).toThrow('it is UTF-16 text, expected UTF-8');
  });

  it.each(['nowhere', 'link.json'])('refuses a link to %s', (target) => {
    const file = folder.at('link.json');
    symlinkSync(target, file);
    expect(() => readClinicalRecord(file)).toThrow('INPUT_JSON_INVALID');
    rmSync(file);
  });

  it('refuses a folder, a missing file and a huge one', () => {
    expect(() => readClinicalRecord(folder.path)).toThrow('it is not a file');
    expect(() => readClinicalRecord(folder.at('missing.json'))).toThrow('does not exist');
    expect(() => read(`{"a": "${'x'.repeat(5_000_000)}"}`)).toThrow('bytes, more than');
  });

  it.each<[string, string | Uint8Array, string, string]>([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
      'it is a Git LFS pointer',
      'git lfs pull',
    ],
    ['a web page', '<!DOCTYPE html><html>Sign in</html>', 'it is a web page', 'download'],
    ['gzip data', gzipSync('{"Age": 71}'), 'it is gzip data', 'under this name'],
    ['a spreadsheet', 'PK\x03\x04', 'it is a ZIP archive', 'under this name'],
    ['an XML answer', '<?xml version="1.0"?><Error/>', 'it is an XML document', 'under this name'],
  ])('names %s as such', (_, content, detail, advice) => {
    expect(() => read(content)).toThrow(`INPUT_JSON_INVALID [${folder.at('ehr.json')}]`);
    expect(() => read(content)).toThrow(detail);
    expect(() => read(content)).toThrow(advice);
    expect(() => read(content)).not.toThrow('not JSON');
  });

  it('tells a file that is closed to us from one that is damaged', async () => {
    const file = folder.put('closed.json', '{}');
    chmodSync(folder.path, 0o755);
    chmodSync(file, 0);
    await withoutRights(() => {
      expect(() => readClinicalRecord(file)).toThrow(/cannot be opened \(EACCES\).*permissions/);
    });
  });

  it('passes on lists and objects, in known fields and in others, as libs/clinical reads them', () => {
    const text = '{"Age": 71, "Notes": ["a", {"b": 1}]}';
    const direct = outcome(() => parseClinicalRecord(text, { file: folder.at('ehr.json') }));
    expect(outcome(() => read(text))).toEqual(direct);
  });
});

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}
