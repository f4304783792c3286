import { setTimeout as delay } from 'node:timers/promises';
import * as itk from 'itk-wasm';

const WAIT_MS = 5;
const MAX_WAITS = 2000;

/**
 * The two parts of itk-wasm that reading needs. Only this file imports it, and only a dynamic
 * import loads this file.
 *
 * itk-wasm starts its Zstandard decoder with a top-level await below `export *` lines, and esbuild
 * does not await through those: in a bundle the function is undefined until the decoder is ready.
 */
export async function loadItkPipeline(): Promise<
  Pick<typeof itk, 'InterfaceTypes' | 'runPipelineNode'>
> {
  for (let i = 0; (itk.runPipelineNode as unknown) === undefined && i < MAX_WAITS; i++) {
    await delay(WAIT_MS);
  }
  return { InterfaceTypes: itk.InterfaceTypes, runPipelineNode: itk.runPipelineNode };
}
