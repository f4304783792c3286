import { writeSync } from 'node:fs';
import { findImage, findInputs, resolveFolders, writeOutputs } from '@hecktor/case-io';
import type { OutputValues, Task } from '@hecktor/case-io';
import { HecktorError, type ErrorCode } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { readFallback, type FallbackMask, type FallbackValue } from '@hecktor/recipe';
import { toHecktorError, type Program } from '@hecktor/runtime';
import { bareGrid, createVolume, voxelCount, type Volume } from '@hecktor/volume';
import { suvMask } from './fallback-mask.ts';

/**
 * What no fallback covers: faults that are the same for every case and show at the first one, and
 * the end that a person or the platform wants.
 */
const ALWAYS_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['CONFIG_INVALID', 'OPTION_INVALID', 'TASK_INVALID', 'INPUT_FOLDER_MISSING'] as const),
  ...(['RECIPE_MISSING', 'RECIPE_INVALID', 'SURVIVAL_MODEL_INVALID'] as const),
  ...(['MODEL_FILE_NOT_FOUND', 'MODEL_INVALID', 'MODEL_MISMATCH'] as const),
  ...(['ONNX_RUNTIME_UNAVAILABLE', 'OUTPUT_WRITE_FAILED', 'INTERRUPTED'] as const),
]);

/**
 * Runs a case. Where that fails and the recipe has `"onFailure": "fallback"`, the answer that the
 * recipe says is written instead, and the last line of log and stderr says so and why.
 *
 * @param interrupted - Keeps the answer from appearing: the folders may be those of another case then.
 * @throws HecktorError of the run where there is no fallback, or it cannot be written: a label map
 * needs the grid of the CT. INTERRUPTED where `interrupted` fires.
 */
export async function withFallback(
  task: Task,
  program: Pick<Program, 'config' | 'env' | 'log' | 'resources'>,
  run: () => Promise<void>,
  interrupted?: AbortSignal,
): Promise<void> {
  try {
    return await run();
  } catch (thrown) {
    const error = toHecktorError(thrown);
    const { config, log } = program;
    const { modelFolder, resources = program.resources } = config;
    const wanted = ALWAYS_ERRORS.has(error.code)
      ? undefined
      : readFallback({ modelFolder, resources });
    const writesOutput = config.dumpTensor === undefined && !config.planOnly;
    if (wanted === undefined || !writesOutput) throw error;
    const folders = resolveFolders(program.env);
    const write = writeFallback(folders, task, wanted, interrupted && { signal: interrupted });
    const { file, answer } = await write.catch((second: unknown) => {
      interrupted?.throwIfAborted();
      log.warn('the fallback cannot be written', { code: toHecktorError(second).code });
      throw error;
    });
    tell(error, answer, file, log);
  }
}

/** The last words of the run: it ends well, but nobody may take its answer for the model's. */
function tell(reason: HecktorError, answer: string, file: string, log: Program['log']): void {
  const { code, message } = new HecktorError('FALLBACK_USED', {
    ...(reason.file !== undefined && { file: reason.file }),
    detail: [`${answer}, because of ${reason.code}`, reason.detail].filter(Boolean).join(': '),
    ...{ cause: reason.likelyCause, fix: reason.fix },
  });
  log.warn('fallback used', { code, reason: reason.code, answer, file });
  try {
    writeSync(2, `${message.replace(/\s*\n\s*/g, ' ')}\n`);
  } catch {
    // A closed stderr: the log has it.
  }
}

async function writeFallback(
  folders: { readonly input: string; readonly output: string },
  { inputs, outputs }: Task,
  fallback: FallbackMask | FallbackValue,
  options: Parameters<typeof writeOutputs>[3],
): Promise<{ readonly file: string; readonly answer: string }> {
  const path = (name: string) => imagePath(folders.input, inputs, name);
  const values: Record<string, OutputValues[string]> = {};
  const answers: string[] = [];
  for (const output of outputs) {
    const wanted =
      'mask' in fallback ? fallback : (fallback.outputs?.[output.name] ?? fallback.value);
    if (wanted === undefined) continue;
    if (typeof wanted !== 'object') {
      values[output.name] = wanted;
      answers.push(`${output.name} is ${wanted}`);
    } else if (output.kind === 'label-map') {
      const { mask, answer } = await fallbackMask(wanted, output.grid, path);
      values[output.name] = mask;
      answers.push(answer);
    }
  }
  const files = await writeOutputs(folders.output, outputs, values, options);
  return { file: files.join(', '), answer: answers.join(', ') };
}

/** The path of an image; inputs.json, where it is the fault, is passed over. */
function imagePath(folder: string, inputs: Task['inputs'], name: string): string {
  const input = inputs.filter((candidate) => candidate.name === name);
  try {
    const found = findInputs(folder, input)[name];
    if (found !== undefined) return found;
  } catch {
    // The usual place, then.
  }
  return findImage(folder, input[0]!)!;
}

/** @param image - On whose grid the mask lies. */
async function fallbackMask(
  wanted: FallbackMask,
  image: string,
  path: (image: string) => string,
): Promise<{ readonly mask: Volume<Uint8Array>; readonly answer: string }> {
  const grid = bareGrid(await readVolume(path(image)));
  const empty = createVolume(grid, new Uint8Array(voxelCount(grid)));
  if (wanted.mask === 'empty') return { mask: empty, answer: 'the mask is empty' };
  const answer = `the mask is what has an SUV of ${wanted.suv} or more`;
  try {
    const pet = toNumeric(await readVolume(path('pet')));
    return { mask: createVolume(grid, suvMask(pet, grid, wanted)), answer };
  } catch (error) {
    const { code } = toHecktorError(error);
    return { mask: empty, answer: `${answer}, empty as the PET cannot be used (${code})` };
  }
}
