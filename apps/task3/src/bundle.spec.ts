import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const DIST = fileURLToPath(new URL('../../../dist/apps/task3/', import.meta.url));

it.each(['libs/survival/', 'risk-heads', 'load-survival'])('ships no code of %s', (place) => {
  const parts = readdirSync(DIST).filter((name) => name.endsWith('.mjs'));
  expect(parts.length).toBeGreaterThan(2);
  // The bundler writes the path of each module that it takes in above its code.
  const modules = parts.flatMap((name) =>
    readFileSync(DIST + name, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('// libs/')),
  );
  expect(modules.filter((line) => line.includes('class-head'))).toHaveLength(1);
  expect(modules.filter((line) => line.includes(place))).toEqual([]);
});
