import { expect, it } from '@jest/globals';
import * as api from './index.ts';

it('exports exactly this', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "prepareCase",
      "runSegmentation",
    ]
  `);
});
