// Bundles the cohort and case writers and the scorer into dist/tools/train.
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

/** Our own packages are bundled, others stay where npm put them. */
function localPackages() {
  return Object.fromEntries(
    readdirSync('libs').map((name) => [`@hecktor/${name}`, `./libs/${name}/src/index.ts`]),
  );
}

await build({
  entryPoints: ['make-cohort', 'make-case', 'make-task23-cohort', 'score'].map(
    (name) => `tools/train/${name}.ts`,
  ),
  outdir: 'dist/tools/train',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  packages: 'external',
  alias: localPackages(),
});
