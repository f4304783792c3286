// Bundles the cohort and case writers and what measures and scores into dist/tools/train.
import { build } from 'esbuild';

const NAMES = ['make-cohort', 'make-case', 'make-task23-cohort', 'score', 'stages/measure'];

await build({
  entryPoints: NAMES.map((name) => `tools/train/${name}.ts`),
  outdir: 'dist/tools/train',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  // What has native code, files beside itself, or is CommonJS stays where npm put it.
  external: [
    ...['@itk-wasm/*', 'itk-wasm', 'nifti-reader-js', 'onnxruntime-node', 'koffi'],
    ...['pino', 'cli-progress', 'ajv'],
  ],
});
