// Nx loads an executor or a generator with require(). Ours are TypeScript modules that share code with
// the ESM libraries, so they are bundled on the fly (some 50 ms): no build step to forget, and no
// dependence on how a Node version treats TypeScript.
const { mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { build } = require('esbuild');

const root = resolve(__dirname, '../../..');

const onlyWorkspaceCode = {
  name: 'only-workspace-code',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@hecktor/') ? undefined : { path, external: true },
    );
  },
};

async function bundle(name, source) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tools/container/src', source, `${name}.ts`)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [onlyWorkspaceCode],
  });
  const folder = join(root, 'dist/tools/container');
  const file = join(folder, `${name}.mjs`);
  const temporary = join(folder, `.${name}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(temporary, outputFiles[0].contents);
  renameSync(temporary, file);
  return file;
}

/**
 * @param {string} name of the file whose default export is the executor or the generator
 * @param {string} source its folder below src
 */
module.exports =
  (name, source = 'executors') =>
  async (...args) => {
    const { default: execute } = await import(pathToFileURL(await bundle(name, source)).href);
    return execute(...args);
  };
