import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, type ErrorCode } from '@hecktor/errors';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedDocs } from '../../scripts/generated-docs.ts';

const ROOT = new URL('../../../../', import.meta.url);
const WORKSPACE = fileURLToPath(ROOT);

describe('docs/errors.md', () => {
  it('is up to date: else run `nx run container:docs`', async () => {
    for (const [url, text] of await generatedDocs(ROOT)) {
      expect(readFileSync(url, 'utf8')).toBe(text);
    }
  });

  it('has an anchor for every code, and links to none that is not there', () => {
    const page = readFileSync(new URL('docs/errors.md', ROOT), 'utf8');
    for (const code of Object.keys(CATALOGUE)) expect(page).toContain(`\n### ${code}\n`);
    for (const [, anchor] of page.matchAll(/\]\(#(\w+)\)/g)) {
      expect(Object.keys(CATALOGUE)).toContain(anchor!.toUpperCase());
    }
  });
});

describe('the catalogue', () => {
  const sources = sourceFiles();

  it('describes every code that is used', () => {
    const used = sources.flatMap(({ text }) =>
      [...text.matchAll(/HecktorError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!),
    );
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((code) => !Object.hasOwn(CATALOGUE, code))).toEqual([]);
  });

  it('has no code that is neither thrown nor recognised anywhere', () => {
    const unused = (Object.keys(CATALOGUE) as ErrorCode[]).filter(
      (code) => !sources.some(({ text }) => text.includes(`'${code}'`)),
    );
    expect(unused).toEqual([]);
  });
});

/** The code of the workspace without specs, and without the places that only list codes. */
function sourceFiles(): { path: string; text: string }[] {
  const listing = /\.spec\.ts$|^libs\/errors\/|provocations\.ts$|describe-errors\.ts$/;
  return ['apps', 'libs', 'tools', 'bench']
    .flatMap((folder) =>
      readdirSync(`${WORKSPACE}${folder}`, { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .filter((path) => /\.(ts|cjs|mjs)$/.test(path) && !/node_modules|\/dist\//.test(path))
    .filter((path) => !listing.test(path))
    .map((path) => ({ path, text: readFileSync(`${WORKSPACE}${path}`, 'utf8') }));
}
