import { describe, expect, it } from '@jest/globals';
import { NumberToken, parseTolerantJson } from './parse-tolerant-json.ts';

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

  it('forgives NaN and trailing commas outside strings only', () => {
    const { value, warnings } = parseTolerantJson('{"a": NaN, "b": "NaN, }", "c": [1, 2,],}');
    expect(value).toEqual({ a: null, b: 'NaN, }', c: [1, 2] });
    expect(warnings).toHaveLength(2);
  });

  it.each([
    ['escaped quotes', '"' + '\\"'.repeat(1_000_000)],
    ['a lone backslash at the end', '"' + '\\"'.repeat(1_000_000) + '\\'],
    ['escaped line breaks', '"' + '\\\n"'.repeat(1_000_000)],
  ])('gives up at once on an endless string of %s', (_, text) => {
    // With a quadratic scan this would take an hour, far beyond the test's time limit.
    expect(() => parseTolerantJson(text)).toThrow(SyntaxError);
  });

  it('keeps numbers as they were written when asked to', () => {
    const text = '{"a": 1, "b": 1.0, "c": [-0.5e+3, 0], "1": "2, 3.0", "d": true,}';
    const token = (number: string) => new NumberToken(number);
    expect(parseTolerantJson(text, { numbers: 'tokens' }).value).toEqual({
      ...{ a: token('1'), b: token('1.0'), c: [token('-0.5e+3'), token('0')] },
      ...{ '1': '2, 3.0', d: true },
    });
  });

  it.each(['{"a": 01}', '{"a": 1.}', '{"a": .5}', '{"a": +1}', '{"a": 1_000}', '{"a": 0x10}'])(
    'refuses %j with tokens too',
    (text) => {
      expect(() => parseTolerantJson(text, { numbers: 'tokens' })).toThrow(SyntaxError);
    },
  );
});
