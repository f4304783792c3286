import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { readGoldenJson } from '@hecktor/testing';
import { pythonText } from './clinical-value.ts';

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));
const { pythonTexts } = readGoldenJson<{ pythonTexts: [string, string][] }>(
  join(GOLDEN, 'clinical.json'),
);

it.each(pythonTexts)('Python shows the JSON number %s as %s', (token, text) => {
  expect(pythonText(token)).toBe(text);
});
