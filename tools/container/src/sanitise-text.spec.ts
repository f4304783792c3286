import { describe, expect, it } from '@jest/globals';
import { sanitise } from './sanitise-text.ts';

describe('sanitise', () => {
  it.each([
    ['plain, größe\t<b>', 'plain, größe\t<b>'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b[2J\x1b[5Agone\x1b]0;title\x07', 'gone'],
    ['two\nlines\r', 'two\\x0alines\\x0d'],
    ['nul \x00, \x1b', 'nul \\x00, \\x1b'],
    ['a\u202etxt.exe', 'a\\u202etxt.exe'],
  ])('%j is %j', (given, shown) => expect(sanitise(given)).toBe(shown));
});
