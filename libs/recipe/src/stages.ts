import { featureNames, type Encoder } from '@hecktor/clinical';
import type { StepConfig } from '@hecktor/preprocessing';
import type { FusionInput } from './fusion-schema.ts';
import type { Head } from './head-schema.ts';
import type { PredictionModelEntry, PredictionRecipe, StageEntry } from './prediction-schema.ts';

/** A stage of a prediction with all that it takes from the recipe round it. */
export interface Stage {
  /** Empty: the only stage, of a recipe without `stages`. */
  readonly name: string;
  readonly preprocessing: readonly StepConfig[];
  readonly tensor?: NonNullable<PredictionRecipe['tensor']>;
  readonly features: readonly Encoder[];
  readonly models: readonly PredictionModelEntry[];
  readonly head: Head;
}

/** The stages of a recipe in their order; one that names none is a single stage itself. */
export function stagesOf(recipe: PredictionRecipe): readonly Stage[] {
  const { stages, head, features = [], models = [] } = recipe;
  if (stages !== undefined) return stages.map((entry) => stageOf(entry, recipe));
  return head === undefined ? [] : [stageOf({ name: '', features, models, head }, recipe)];
}

function stageOf(entry: StageEntry, { preprocessing = [], tensor }: PredictionRecipe): Stage {
  return {
    ...{ preprocessing, features: [], models: [] },
    ...(tensor !== undefined && { tensor }),
    ...entry,
  };
}

/** Whether networks of a stage see the images. */
export function seesImages({ models }: Pick<Stage, 'models'>): boolean {
  return models.some(({ inputs }) => inputs.image !== undefined);
}

/** How many numbers the feature vector of a stage has. */
export function vectorWidth({ features }: Pick<Stage, 'features'>): number {
  return featureNames(features).length;
}

/** What the answer of a stage is: a number, yes or no, or one of some classes. */
export type AnswerKind =
  | { readonly kind: 'number' | 'boolean' }
  | {
      readonly kind: 'class';
      /** All that have a probability. */
      readonly classes: readonly string[];
      /** Those that may be the answer. */
      readonly among: readonly string[];
    };

/** What the answer of each stage is, by its name. */
export function answerKinds(stages: readonly Stage[]): ReadonlyMap<string, AnswerKind> {
  const kinds = new Map<string, AnswerKind>();
  for (const { name, head } of stages) kinds.set(name, kindOf(head, kinds));
  return kinds;
}

function kindOf(head: Head, earlier: ReadonlyMap<string, AnswerKind>): AnswerKind {
  switch (head.kind) {
    case 'class':
      return head.classes === undefined
        ? { kind: 'boolean' }
        : { kind: 'class', classes: head.classes, among: head.among ?? head.classes };
    case 'fusion': {
      if (head.threshold !== undefined) return { kind: 'boolean' };
      const classes = fusedClasses(head.inputs, earlier);
      if (classes === undefined) return { kind: 'number' };
      return { kind: 'class', classes, among: head.among ?? classes };
    }
    default:
      return { kind: 'number' };
  }
}

/** The classes that are fused: those of the first input; undefined where it has none. */
function fusedClasses(
  [first]: readonly FusionInput[],
  earlier: ReadonlyMap<string, AnswerKind>,
): readonly string[] | undefined {
  const kind = earlier.get(first!.of);
  return kind?.kind === 'class' ? kind.classes : undefined;
}

/** How the names of the answers of earlier stages begin among features. */
const STAGE = 'stage.';

/** Whether a feature is the answer of an earlier stage, by its name. */
export function isStageAnswer(of: string): boolean {
  return of.startsWith(STAGE);
}

/** The names by which features take the answer of a stage: of one with classes each probability. */
export function answerNames(name: string, kind: AnswerKind): string[] {
  const plain = `${STAGE}${name}`;
  return kind.kind === 'class' ? kind.classes.map((one) => `${plain}.${one}`) : [plain];
}

/** What an output gets that is the label map of the segmentation which runs first. */
export const FROM_SEGMENTATION = 'segmentation';

/**
 * What each output of a task gets, by its name: the name of a stage, or {@link FROM_SEGMENTATION}.
 *
 * @param outputs - Names of the task's outputs.
 */
export function outputSources(
  recipe: PredictionRecipe,
  [first]: readonly string[],
): Readonly<Record<string, string>> {
  return recipe.outputs ?? { [first!]: stagesOf(recipe).at(-1)!.name };
}
