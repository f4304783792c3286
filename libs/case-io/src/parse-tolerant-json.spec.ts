import { describe, expect, it } from '@jest/globals';
import { parseTolerantJson } from './parse-tolerant-json.ts';

describe('parseTolerantJson', () => {
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
});
