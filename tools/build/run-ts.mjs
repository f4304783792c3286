// node tools/build/run-ts.mjs <script.ts> [argument...]
// Runs a TypeScript script of this workspace on any supported Node: bundles it, workspace libraries
// included, and imports the bundle. Scripts take the working directory for the workspace's root.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [script] = process.argv.slice(2);
if (script === undefined) throw new Error('usage: run-ts.mjs <script.ts> [argument...]');

await mkdir(join(root, 'tmp'), { recursive: true });
const folder = await mkdtemp(join(root, 'tmp/run-ts-'));
try {
  const outfile = join(folder, 'script.mjs');
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [
      {
        name: 'npm-packages-stay-outside',
        setup(bundler) {
          bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@hecktor/')
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(outfile).href).catch((error) => {
    // Faults of what a script was given say all in their message; others need their stack.
    if (error?.name !== 'HecktorError') throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
