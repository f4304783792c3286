// Bundles the demo's command line. Image codecs stay outside: they load files beside themselves.
import { build } from 'esbuild';

await build({
  entryPoints: ['tools/demo/src/main.ts'],
  outfile: 'dist/tools/demo/main.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  external: ['@itk-wasm/*', 'itk-wasm', 'nifti-reader-js'],
});
