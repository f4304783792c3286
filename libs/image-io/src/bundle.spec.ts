import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { useFolder } from '@hecktor/testing';
import { loadGoldens, unpackGolden } from './fixtures/golden-cases.ts';
import { readVolume, runtimeAssets } from './index.ts';

const run = promisify(execFile);

const ENTRY = `
import { readVolume } from './index.ts';
const [path] = process.argv.slice(2);
try {
  const { size, data } = await readVolume(path);
  console.log(JSON.stringify({ size, first: data[0] }));
} catch (error) {
  console.log(error.code);
}`;

describe('a bundle', () => {
  const folder = useFolder();

  it.each([false, true])(
    'reads TIFF with its assets beside it (splitting: %s)',
    async (splitting) => {
      const golden = loadGoldens('generated').find(({ name }) => name === 'int16-3-raw.tif')!;
      const image = await unpackGolden(golden, folder.path);
      const outdir = join(folder.path, `bundle-${splitting}`);
      await build({
        stdin: {
          contents: ENTRY,
          resolveDir: fileURLToPath(new URL('.', import.meta.url)),
          loader: 'ts',
          sourcefile: 'main.ts',
        },
        outdir,
        entryNames: 'main',
        outExtension: { '.js': '.mjs' },
        bundle: true,
        splitting,
        format: 'esm',
        platform: 'node',
        logLevel: 'silent',
      });
      const program = join(outdir, 'main.mjs');
      const env = { PATH: process.env['PATH'] };
      const missing = await run(process.execPath, [program, image], { cwd: outdir, env });
      expect(missing.stdout).toBe('IMAGE_READER_MISSING\n');
      for (const { from, to } of runtimeAssets()) await cp(from, join(outdir, to));
      const { stdout, stderr } = await run(process.execPath, [program, image], {
        cwd: outdir,
        env,
      });
      const expected = await readVolume(image);
      expect(JSON.parse(stdout)).toEqual({ size: [6, 5, 3], first: expected.data[0] });
      expect(stderr).toBe('');
      const text = await readFile(program, 'utf8');
      expect(text).not.toMatch(/cdn\.|jsdelivr|unpkg/);
    },
  );
});
