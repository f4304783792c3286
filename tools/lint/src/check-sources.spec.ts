import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findBareCasts, findCycles, findLongFiles } from './check-sources.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const files = ['apps', 'libs', 'tools', 'bench'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => !/(^|\/)(node_modules|dist|tmp)\//.test(path)),
);
const sources = new Map(
  files.filter((path) => path.endsWith('.ts')).map((path) => [path, read(path)]),
);
const projects = files
  .filter((path) => path.endsWith('/project.json'))
  .map((path) => path.replace('/project.json', ''));
const entryPoints = new Map(projects.flatMap(entriesOf));

/** What a package of the workspace exports: name to file. */
function entriesOf(project: string): [string, string][] {
  const file = `${project}/package.json`;
  if (!existsSync(join(ROOT, file))) return [];
  const { name, exports = {} } = JSON.parse(read(file)) as {
    name: string;
    exports?: Record<string, string>;
  };
  return Object.entries(exports).map(([key, target]) => [
    `${name}${key.slice(1)}`,
    `${project}/${target.slice(2)}`,
  ]);
}

describe('the sources of the workspace', () => {
  it('are all looked at', () => {
    expect(sources.size).toBeGreaterThan(300);
    expect(sources.has('libs/volume/src/index.ts')).toBe(true);
    expect(entryPoints.get('@hecktor/volume')).toBe('libs/volume/src/index.ts');
  });
  it('import each other in no circle', () => {
    expect(findCycles(sources, entryPoints, projects)).toEqual([]);
  });
  it('have at most 400 lines a file', () => {
    expect(findLongFiles(sources)).toEqual([]);
  });
  it('say why wherever they cast by way of unknown', () => {
    expect(findBareCasts(sources)).toEqual([]);
  });
});

describe('the checks', () => {
  const cyclesIn = (texts: Record<string, string>) =>
    findCycles(
      new Map(Object.entries(texts)),
      new Map([
        ['@x/a', 'libs/a/index.ts'],
        ['@x/b', 'libs/b/index.ts'],
        ['@x/b/more', 'libs/b/more.ts'],
      ]),
      ['libs/a', 'libs/b'],
    );

  it('find cycles within a project, of types and of the shortest way', () => {
    expect(
      cyclesIn({
        'libs/a/index.ts': "export { one } from './one.ts';",
        'libs/a/one.ts': "import type { Two } from './two.ts'; import './three.ts';",
        'libs/a/two.ts': "import { type One } from './one.ts';",
        'libs/a/three.ts': "import './four.ts';",
        'libs/a/four.ts': "const one = await import('./one.ts');",
      }),
    ).toEqual([
      'libs/a/one.ts -> libs/a/two.ts -> libs/a/one.ts',
      'libs/a/three.ts -> libs/a/four.ts -> libs/a/one.ts -> libs/a/three.ts',
    ]);
  });

  it('find a file that imports itself', () => {
    expect(cyclesIn({ 'libs/a/one.ts': "export * from './one.ts';" })).toEqual([
      'libs/a/one.ts -> libs/a/one.ts',
    ]);
  });

  it('find cycles between projects whose files form none', () => {
    const texts = {
      'libs/a/index.ts': "import '@x/b';",
      'libs/a/low.ts': '',
      'libs/b/index.ts': "import type {} from './high.ts';",
      'libs/b/high.ts': '',
      'libs/b/more.ts': "import '@x/a';",
    };
    expect(cyclesIn(texts)).toEqual(['libs/a -> libs/b -> libs/a']);
    const inSpec = {
      ...texts,
      'libs/b/more.spec.ts': texts['libs/b/more.ts'],
      'libs/b/more.ts': '',
    };
    expect(cyclesIn(inSpec)).toEqual([]);
  });

  it('find long files', () => {
    const lines = (count: number) => 'x;\n'.repeat(count);
    const texts = new Map([
      ['good.ts', lines(400)],
      ['bad.ts', lines(401)],
    ]);
    expect(findLongFiles(texts)).toEqual(['bad.ts: 401 lines']);
  });

  it('find casts without a reason', () => {
    const cast = `const x = y as ${'unknown'} as X;`;
    const texts = [
      `// Because.\n${cast}`,
      `${cast} // Because.`,
      `/**\n * Because.\n */\n${cast}`,
      `const z = 1;\n${cast}`,
    ];
    expect(findBareCasts(new Map(texts.map((text, i) => [`${i}.ts`, text])))).toEqual(['3.ts:2']);
  });
});
