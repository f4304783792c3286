import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that must lie beside a bundle of this library. */
interface RuntimeAsset {
  readonly from: string;
  /** Where it belongs, relative to the folder of the bundle. */
  readonly to: string;
}

const ASSET_FOLDER = 'pipelines';
const MODULE = 'tiff-read-image';
const FILES = [`${MODULE}.js`, `${MODULE}.wasm.zst`];

/**
 * The files of the TIFF reader (ITK compiled to WebAssembly, about 0.5 MB), for the program that
 * makes a bundle: copy each `from` to `to` in the bundle's folder. Nothing else is read at run
 * time, and nothing is ever fetched from a network.
 */
export function runtimeAssets(): readonly RuntimeAsset[] {
  return FILES.map((name) => ({
    from: join(installedFolder(), name),
    to: `${ASSET_FOLDER}/${name}`,
  }));
}

/**
 * Path of the TIFF module without its ending: in `pipelines/` beside this code (a bundle), else in
 * the installed package.
 */
export function tiffModulePath(): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), ASSET_FOLDER);
  if (existsSync(join(beside, FILES[1]!))) return join(beside, MODULE);
  return join(installedFolder(), MODULE);
}

function installedFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@itk-wasm/image-io');
  return join(dirname(entry), ASSET_FOLDER);
}
