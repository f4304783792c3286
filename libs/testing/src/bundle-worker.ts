import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { scratchFolder } from './scratch-folder.ts';

/**
 * Bundles a TypeScript worker entry into one file, as worker threads know nothing of jest's
 * transforms, and gives its URL. The file lies in the workspace, so that native packages resolve.
 */
export async function bundleWorker(entry: string | URL): Promise<URL> {
  const file = join(scratchFolder(), 'worker.mjs');
  await build({
    entryPoints: [typeof entry === 'string' ? entry : fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    external: ['onnxruntime-node', 'koffi', '@itk-wasm/*', 'itk-wasm'],
    banner: {
      js:
        "import { createRequire as makeRequire } from 'node:module';" +
        'const require = makeRequire(import.meta.url);',
    },
  });
  return pathToFileURL(file);
}
