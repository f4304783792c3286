// Bundles the benchmark and the programs that it measures into dist/bench/bin. Native packages and
// image codecs stay outside: they load files beside themselves.
import { build } from 'esbuild';

await build({
  entryPoints: [
    'bench/src/main.ts',
    'bench/src/drivers/make-case.ts',
    'bench/src/drivers/prepare.ts',
    'bench/src/drivers/kernel-worker.ts',
    'bench/src/drivers/metrics.ts',
    'bench/src/drivers/read.ts',
    'bench/src/drivers/radiomics.ts',
    'bench/src/drivers/tabular.ts',
    'bench/src/drivers/window.ts',
  ],
  entryNames: '[name]',
  outdir: 'dist/bench/bin',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  external: ['onnxruntime-node', 'koffi', '@itk-wasm/*', 'itk-wasm', 'nifti-reader-js'],
  banner: {
    // Bundled CommonJS packages ask for Node's own modules with require().
    js:
      "import { createRequire as __createRequire } from 'node:module';" +
      'const require = __createRequire(import.meta.url);',
  },
});
