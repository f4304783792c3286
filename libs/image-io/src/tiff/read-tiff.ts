import { access, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { assertGrid, createVolume, type Volume } from '@hecktor/volume';
import type { Image } from 'itk-wasm';
import type { OpenFile, ReadContext } from '../open-file.ts';
import { checkSize, toGrid } from '../voxels.ts';
import { readTiffFacts, type TiffFacts } from './tiff-pages.ts';
import { tiffModulePath } from './tiff-runtime.ts';

/** Generous bound on how far TIFF's compressions expand; bombs go far beyond. */
const MAX_RATIO = 4096;

/** WebAssembly instances are large, and the console is silenced meanwhile: one at a time. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Reads a TIFF stack with ITK's own reader through itk-wasm: pages become slices of spacing 1, as
 * SimpleITK gives them. The module is loaded on first use only.
 */
export async function readTiff(file: OpenFile, context: ReadContext): Promise<Volume> {
  const facts = await readTiffFacts(file, context.errors);
  checkFacts(facts, file.size, context);
  const turn = queue.then(() => decode(context));
  queue = turn.catch(() => {});
  const volume = toVolume(await turn, facts, context);
  context.onProgress(1);
  return volume;
}

function checkFacts(facts: TiffFacts, fileSize: number, context: ReadContext): void {
  const { width, height, pages, bitsPerSample, samplesPerPixel, compression } = facts;
  if (samplesPerPixel !== 1) {
    throw new HecktorError('IMAGE_UNSUPPORTED', {
      file: context.path,
      detail: `each voxel has ${samplesPerPixel} components`,
      cause: 'a colour picture',
      fix: 'save it as a grey-scale stack',
    });
  }
  const bytes = Math.ceil(bitsPerSample / 8);
  const expected = checkSize([width, height, pages], bytes, context) * bytes;
  const possible = compression === 1 ? fileSize : fileSize * MAX_RATIO;
  if (bitsPerSample >= 8 && expected > possible) {
    throw context.errors.truncated(
      `expected ${expected} bytes of voxels, the file has ${fileSize}`,
    );
  }
}

async function decode(context: ReadContext): Promise<Image> {
  const file = context.path;
  const path = await realpath(file);
  const { runPipelineNode, InterfaceTypes, module } = await loadReader(file);
  const outputs = [{ type: InterfaceTypes.JsonCompatible }, { type: InterfaceTypes.Image }];
  const folders = new Set([dirname(path)]);
  let result;
  try {
    result = await withQuietConsole(() =>
      runPipelineNode(module, [path, '0', '1', '--memory-io'], outputs, [], folders),
    );
  } catch (origin) {
    throw corrupt(file, origin);
  }
  const couldRead: unknown = result.outputs[0]?.data;
  const image = result.outputs[1]?.data as Image | undefined;
  if (result.returnValue !== 0 || couldRead !== true || !image?.data) throw corrupt(file);
  return image;
}

/** Loads itk-wasm and finds its module; neither is touched before the first TIFF file. */
async function loadReader(file: string) {
  let module: string | undefined;
  try {
    module = tiffModulePath();
    await access(`${module}.wasm.zst`);
    const { loadItkPipeline } = await import('./itk-pipeline.ts');
    return { ...(await loadItkPipeline()), module };
  } catch (origin) {
    const detail = module === undefined ? {} : { detail: `looked for ${module}.wasm.zst` };
    throw new HecktorError('IMAGE_READER_MISSING', { file, ...detail, origin });
  }
}

function toVolume(image: Image, facts: TiffFacts, { path, errors }: ReadContext): Volume {
  const { imageType, data, direction, origin, spacing } = image;
  const { dimension, components } = imageType;
  if (components !== 1 || data === null) {
    throw errors.unsupported(`each voxel has ${components} components`);
  }
  const size = Array.from(image.size, Number);
  const [found, expected] = [size.reduce(product, 1), facts.width * facts.height * facts.pages];
  if (dimension > 3 || data.length !== expected || found !== expected) {
    const detail = `it decodes to ${size.join(' x ')} voxels, its pages promise ${expected}`;
    throw errors.unsupported(detail);
  }
  const cosine = (row: number, axis: number) => Number(direction[row * dimension + axis]);
  const grid = toGrid(dimension, { size, spacing, origin }, cosine);
  assertGrid(grid, { file: path });
  // itk-wasm hands out shared memory whatever `context.shared` says; a copy would cost a volume.
  return createVolume(grid, data as Volume['data']);
}

const product = (a: number, b: number): number => a * b;

function corrupt(file: string, origin?: unknown): HecktorError {
  const detail = 'the TIFF data cannot be decoded';
  return new HecktorError('IMAGE_DATA_CORRUPT', { file, detail, origin });
}

/** Methods that ITK's WebAssembly modules write their warnings to. */
const METHODS = ['log', 'error', 'warn'] as const;

/**
 * Runs `work` with the console silenced. The modules print libtiff's and ITK's warnings to it,
 * which would break a log of JSON lines and hide the last line of stderr.
 */
async function withQuietConsole<T>(work: () => Promise<T>): Promise<T> {
  const saved = METHODS.map((name) => [name, console[name]] as const);
  for (const name of METHODS) console[name] = () => {};
  try {
    return await work();
  } finally {
    for (const [name, method] of saved) console[name] = method;
  }
}
