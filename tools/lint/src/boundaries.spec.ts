import { describe, expect, it } from '@jest/globals';
import { lintAs } from './lint-as.ts';

const BOUNDARIES = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';

describe('module boundaries', () => {
  it('finds every fault of a compute library that reads files and runs models', async () => {
    expect(await lintAs('bad-compute', 'libs/preprocessing/src/bad.ts')).toEqual([
      [2, IMPORTS],
      [3, IMPORTS],
      [4, BOUNDARIES],
      [5, BOUNDARIES],
      [9, 'no-restricted-syntax'],
      [10, 'no-restricted-globals'],
    ]);
  });

  it('finds a core library that leans on compute or on test helpers', async () => {
    expect(await lintAs('bad-core', 'libs/volume/src/bad.ts')).toEqual([
      [2, BOUNDARIES],
      [3, BOUNDARIES],
    ]);
  });

  it('finds an adapter that decodes images, looks up, reaches sideways or borrows packages', async () => {
    expect(await lintAs('bad-adapter', 'libs/case-io/src/bad.ts')).toEqual([
      [3, IMPORTS],
      [4, BOUNDARIES],
      [5, BOUNDARIES],
      [6, BOUNDARIES],
    ]);
  });

  it('lets a spec use the test helpers but not a higher layer', async () => {
    expect(await lintAs('bad-core', 'libs/volume/src/bad.spec.ts')).toEqual([[2, BOUNDARIES]]);
  });

  it('has nothing to say about a compute library that takes its data as a parameter', async () => {
    expect(await lintAs('good-compute', 'libs/preprocessing/src/good.ts')).toEqual([]);
  });

  it('names the way out in its message', async () => {
    const messages = await lintAs('bad-compute', 'libs/preprocessing/src/bad.ts', 'message');
    expect(messages[0]?.[1]).toMatch(/adapter library such as image-io/);
  });
});
