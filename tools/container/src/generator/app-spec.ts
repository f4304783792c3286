/** The spec of a new task: the bundled case gives a result, and an empty one a helpful line. */
export function appSpec(name: string): string {
  return `import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EXIT } from '@hecktor/errors';
import { runProgram } from '@hecktor/testing';

const APP = fileURLToPath(new URL('..', import.meta.url));
let output: string;
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), '${name}-'));
});
afterEach(() => rmSync(output, { recursive: true }));

const run = (input: string) =>
  runProgram('${name}', {
    env: {
      HECKTOR_INPUT: input,
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: join(APP, 'resources'),
      HECKTOR_MODEL_FOLDER: join(output, 'none'),
    },
  });

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('the program of ${name}', () => {
  it('writes one result for the bundled case', async () => {
    const { code, stderr } = await run(join(APP, 'test/input'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [result, ...more] = files(output);
    expect(more).toEqual([]);
    const file = join(result!.parentPath ?? result!.path, result!.name);
    expect(readFileSync(file).length).toBeGreaterThan(0);
  }, 900_000);

  it('says in one line what an empty case lacks', async () => {
    const { code, lastError } = await run(output);
    expect(lastError).toMatch(/^INPUT_\\w+ .* Fix: .*\\.$/);
    expect(code).toBe(EXIT.input);
    expect(files(output)).toEqual([]);
  });
});
`;
}
