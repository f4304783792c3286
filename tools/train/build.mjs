// Bundles the cohort and case writers into dist/tools/train.
import { build } from 'esbuild';

await build({
  entryPoints: ['tools/train/make-cohort.ts', 'tools/train/make-case.ts'],
  outdir: 'dist/tools/train',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  external: ['@itk-wasm/*', 'itk-wasm', 'nifti-reader-js'],
});
