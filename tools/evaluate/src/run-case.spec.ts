import { expect, it } from '@jest/globals';
import { lastWords } from './run-case.ts';

it.each([
  ['warning\nCODE [file] what is wrong\n', 'CODE [file] what is wrong'],
  ['x.mjs:1\nfoo(\n^\n\nTypeError: no\n    at run (x.mjs:1)\n\nNode.js v26.1.0\n', 'TypeError: no'],
  ['\n\n', undefined],
  ['', undefined],
])('finds the telling line of %j', (stderr, line) => {
  expect(lastWords(stderr)).toBe(line);
});
