import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/architecture.md');

it('names every library with its layer', () => {
  const libraries = readdirSync(join(ROOT, 'libs'))
    .filter((name) => existsSync(join(ROOT, 'libs', name, 'project.json')))
    .map((name) => {
      const { tags } = JSON.parse(read(`libs/${name}/project.json`)) as { tags: string[] };
      return [name, tags[0]!.replace('layer:', '')];
    });
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| (\w+) +\|/gm)].map(([, name, layer]) => [
    name,
    layer,
  ]);
  expect(rows.sort()).toEqual(libraries.sort());
});

it('has pictures that name the same libraries', () => {
  const drawn = read('docs/images/layers.svg');
  for (const [, name] of page.matchAll(/^\| `([^`]+)`/gm))
    expect(drawn).toMatch(new RegExp(`>(libs/)?${name}<`));
});
