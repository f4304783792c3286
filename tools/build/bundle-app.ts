// node tools/build/run-ts.mjs tools/build/bundle-app.ts task1
// Bundles apps/<task> into dist/apps/<task>: main.mjs, worker.mjs, kernel-worker.mjs, what they
// share, the files that the TIFF reader loads at run time, and packages.json, which lists the npm
// packages that are in it or beside it in the image.
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { readTask } from '@hecktor/case-io';
import { runtimeAssets } from '@hecktor/image-io';
import { bundledPackages } from './bundled-packages.ts';

const ROOT = process.cwd();

/** Workspace modules do nothing when merely imported, so unused ones may be dropped. */
const pureLibraries: Plugin = {
  name: 'pure-libraries',
  setup(build) {
    build.onResolve({ filter: /^(@hecktor\/|\.)/ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === 'resolved') return undefined;
      const { importer, resolveDir, kind } = rest;
      const found = await build.resolve(path, {
        importer,
        resolveDir,
        kind,
        pluginData: 'resolved',
      });
      const isOurs = found.path.startsWith(join(ROOT, 'libs/'));
      return isOurs && found.errors.length === 0 ? { ...found, sideEffects: false } : found;
    });
  },
};

/** pino's transports, which start threads of their own from files beside pino, are not used. */
const noTransports: Plugin = {
  name: 'no-transports',
  setup(build) {
    build.onResolve({ filter: /^thread-stream$/ }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: `module.exports = class { constructor() { throw new Error('not bundled'); } };`,
    }));
  },
};

const task = process.argv[2];
if (task === undefined) throw new Error('usage: bundle-app.ts <task>');
// Throws for facts that the program could not run by.
readTask(join(ROOT, 'apps', task, 'task.json'));
const source = join(ROOT, 'apps', task, 'src');
const target = join(ROOT, 'dist/apps', task);
// Made beside its place and moved there when whole: no run ever sees half a bundle.
const out = join(ROOT, 'dist/apps', `.${task}-${process.pid}`);
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

const { warnings, metafile } = await build({
  metafile: true,
  entryPoints: ['main', 'worker', 'kernel-worker'].map((name) => join(source, `${name}.ts`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'part-[hash]',
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'eof',
  logLevel: 'warning',
  external: ['onnxruntime-node', 'koffi'],
  define: { HECKTOR_VERSION: JSON.stringify(version) },
  plugins: [pureLibraries, noTransports],
  banner: {
    // Bundled CommonJS packages ask for Node's own modules with require().
    js:
      "import { createRequire as __createRequire } from 'node:module';" +
      'const require = __createRequire(import.meta.url);',
  },
});
if (warnings.length > 0) process.exitCode = 1;
for (const { from, to } of runtimeAssets()) await cp(from, join(out, to));
const lock = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
const packages = bundledPackages(metafile, lock, ['onnxruntime-node', 'onnxruntime-common']);
await writeFile(join(out, 'packages.json'), `${JSON.stringify(packages, undefined, 2)}\n`);
await rm(target, { recursive: true, force: true });
await rename(out, target);
