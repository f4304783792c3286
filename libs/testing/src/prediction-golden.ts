import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './scratch-folder.ts';

const GOLDEN = fileURLToPath(new URL('../../pipeline/golden/prediction/', import.meta.url));

/** One patient's record and what Python made of it. */
export interface ExpectedPrediction {
  readonly name: string;
  /** Text of ehr.json. */
  readonly ehr: string;
  readonly vector: readonly number[];
  readonly icare: Readonly<Record<'median' | 'mean' | 'weighted-mean' | 'best', number>> & {
    readonly folds: readonly number[];
  };
  /** By the further images that the case has. */
  readonly risk: Readonly<Record<'all' | 'no-dose' | 'no-planning' | 'neither', number>>;
  /** Probability of class 1. */
  readonly class: Readonly<Record<'mean-logits' | 'mean-probabilities', number>> & {
    readonly folds: readonly number[];
  };
}

/** The answers that tools/reference/pipeline/make_predictions.py computed. */
export function expectedPredictions(): readonly ExpectedPrediction[] {
  const text = readFileSync(join(GOLDEN, 'expected.json'), 'utf8');
  return (JSON.parse(text) as { cases: ExpectedPrediction[] }).cases;
}

/** A small case with its recipe in folders of its own. */
export interface StagedPrediction {
  readonly input: string;
  readonly output: string;
  readonly resources: string;
  readonly modelFolder: string;
  /** What a program needs to know of these folders. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a recipe into resources, with some of its fields replaced. */
  recipe(fields: Record<string, unknown>): void;
  /** Leaves an image out of the case. */
  leaveOut(socket: string): void;
}

/**
 * Stages a case with CT, PET, planning CT and dose for a program of Tasks 2 and 3.
 *
 * @param name - The recipe: icare, risk or class.
 */
export function stagePrediction(name: string, ehr: string): StagedPrediction {
  const work = scratchFolder('prediction-');
  const [input, output, resources, modelFolder] = ['input', 'output', 'resources', 'model'].map(
    (folder) => join(work, folder),
  ) as [string, string, string, string];
  for (const socket of ['ct', 'pet', 'ct-planning', 'rt-dose']) {
    mkdirSync(join(input, 'images', socket), { recursive: true });
    cpSync(join(GOLDEN, `${socket}.mha`), join(input, 'images', socket, 'a.mha'));
  }
  writeFileSync(join(input, 'ehr.json'), ehr);
  mkdirSync(output);
  mkdirSync(resources);
  for (const file of readdirSync(GOLDEN)) {
    const isResource = file.endsWith('.onnx') || file === 'survival.json';
    if (isResource) cpSync(join(GOLDEN, file), join(resources, file));
  }
  const text = readFileSync(join(GOLDEN, `${name}.json`), 'utf8');
  const recipe = (fields: Record<string, unknown>): void =>
    writeFileSync(
      join(resources, 'pipeline.json'),
      JSON.stringify({ ...(JSON.parse(text) as object), ...fields }),
    );
  recipe({});
  return {
    input,
    output,
    resources,
    modelFolder,
    env: {
      HECKTOR_INPUT: input,
      HECKTOR_OUTPUT: output,
      HECKTOR_RESOURCES: resources,
      HECKTOR_MODEL_FOLDER: modelFolder,
    },
    recipe,
    leaveOut: (socket) => rmSync(join(input, 'images', socket), { recursive: true }),
  };
}
