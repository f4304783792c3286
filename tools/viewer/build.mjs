// Bundles the page with NiiVue: what the server hands out needs nothing from outside.
import { copyFile } from 'node:fs/promises';
import { build } from 'esbuild';

const OUT = 'dist/tools/viewer';

await build({
  entryPoints: { viewer: 'tools/viewer/src/page/main.ts' },
  outdir: OUT,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'linked',
  logLevel: 'warning',
});
await Promise.all(
  ['index.html', 'viewer.css'].map((name) =>
    copyFile(`tools/viewer/src/page/${name}`, `${OUT}/${name}`),
  ),
);
