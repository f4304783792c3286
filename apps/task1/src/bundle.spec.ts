import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const DIST = fileURLToPath(new URL('../../../dist/apps/task1/', import.meta.url));

it.each([
  'libs/survival/',
  'libs/features/src/radiomics',
  'mask-features',
  'dose-features',
  'encode-features',
  'prediction',
])('ships no code of %s', (place) => {
  const parts = readdirSync(DIST).filter((name) => name.endsWith('.mjs'));
  expect(parts.length).toBeGreaterThan(2);
  // The bundler writes the path of each module that it takes in above its code.
  const modules = parts.flatMap((name) =>
    readFileSync(DIST + name, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('// libs/')),
  );
  expect(modules.filter((line) => line.includes('libs/pipeline/')).length).toBeGreaterThan(3);
  expect(modules.filter((line) => line.includes(place))).toEqual([]);
});
