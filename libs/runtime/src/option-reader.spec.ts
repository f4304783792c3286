import { describe, expect, it } from '@jest/globals';
import { optionReader } from './option-reader.ts';

const { parse, required, count, oneOf } = optionReader('docs/predict.md');
const read = (...args: string[]) =>
  parse({ args, options: { out: { type: 'string' }, pred: { type: 'string', multiple: true } } });

describe('optionReader', () => {
  it('reads what is right', () => {
    expect(read('--out=a', '--pred=b', '--pred=c').values).toEqual({ out: 'a', pred: ['b', 'c'] });
    expect(required('--data', 'x', 'a folder')).toBe('x');
    expect([count('--jobs', '7'), count('--port', '0', 0, 65_535)]).toEqual([7, 0]);
    expect(oneOf('--hd95', 'b', { a: 1, b: 2 })).toBe(2);
  });

  it.each([
    [() => read('--no-such'), "Unknown option '--no-such'"],
    [() => read('--out='), '--out: it has no value'],
    [() => read('--pred=b', '--pred='), '--pred: it has no value'],
    [
      () => required('--data', undefined, 'a folder'),
      '--data: expected a folder. Likely cause: the',
    ],
    [() => count('--jobs', '0'), "--jobs: expected a whole number from 1, got '0'"],
    [() => count('--jobs', '1e3'), "--jobs: expected a whole number from 1, got '1e3'"],
    [() => count('--port', '70000', 0, 65_535), 'expected a whole number from 0 to 65535'],
    [() => oneOf('--hd95', 'toString', { a: 1, b: 2 }), "expected one of a, b, got 'toString'"],
  ])('names the option and the page: %s', (act, message) => {
    expect(act).toThrow(message);
    expect(act).toThrow('Fix: correct the option; docs/predict.md lists them all');
    expect(act).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
