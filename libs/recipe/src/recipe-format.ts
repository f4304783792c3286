import type { Task } from '@hecktor/case-io';
import type { CoxModel, SurvivalModel, TreeEnsemble } from '@hecktor/survival';
import type { TSchema } from 'typebox';
import type { ModelFile } from './model-file.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { ResourceFolders } from './resource-file.ts';
import type { SegmentationRecipe } from './segmentation-schema.ts';
import type { Stage } from './stages.ts';

/** The recipe of each kind. */
interface Recipes {
  readonly segmentation: SegmentationRecipe;
  readonly prediction: PredictionRecipe;
}
/** The kinds of recipes. */
export type RecipeKind = keyof Recipes;
/** The recipe of a kind. */
export type RecipeOf<K extends RecipeKind> = Recipes[K];

/** What a task says of itself that its recipe must fit. */
export type RecipeTask = Pick<Task, 'name' | 'inputs' | 'recipe' | 'outputs'>;

/** A fitted model that the head of a recipe names. */
export interface LoadedFile<M> {
  readonly model: M;
  readonly file: string;
  readonly sha256: string;
}

/** The bags of ICARE estimators of a recipe. */
export type LoadedSurvival = LoadedFile<SurvivalModel>;

/** What the files of a head hold. */
export interface FittedHead {
  /** Of the head `icare`: one fold for each network, or for each answer of one vector. */
  readonly survival?: LoadedSurvival;
  /** Of the head `cox`, in the order of its files. */
  readonly cox?: readonly LoadedFile<CoxModel>[];
  /** Of the head `survival-trees`, in the order of its files. */
  readonly trees?: readonly LoadedFile<TreeEnsemble>[];
}

/** A stage of a prediction and the files it needs. */
export interface LoadedStage extends FittedHead {
  readonly stage: Stage;
  /** In the order of `stage.models`. */
  readonly models: readonly ModelFile[];
}

/** What a recipe of a kind needs beside its models. */
interface LoadedParts {
  /** Of a prediction recipe; of one without `stages` it is one. */
  readonly stages?: readonly LoadedStage[];
  /** What runs first: of a prediction recipe its segmentation, of a cascade its first stage. */
  readonly segmentation?: LoadedRecipe<'segmentation'>;
}

/** A recipe and the files it needs, all of them there. */
export interface LoadedRecipe<K extends RecipeKind> extends LoadedParts {
  readonly recipe: RecipeOf<K>;
  readonly file: string;
  readonly sha256: string;
  /** In the order of the recipe's models, stage after stage. */
  readonly models: readonly ModelFile[];
  /** What is allowed but hardly meant, one sentence each. */
  readonly warnings: readonly string[];
}

/** The inputs and outputs that a recipe expects of a network. */
export interface ExpectedModel {
  readonly inputs: readonly ExpectedTensor[];
  readonly outputs: readonly ExpectedTensor[];
}

/** A named tensor; `null` stands for an axis of any length. */
export interface ExpectedTensor {
  readonly name: string;
  readonly dims: readonly (number | null)[];
}

/**
 * All that differs between the kinds of recipes. It is passed as a value, so that a program holds
 * the code of the kinds it runs and no other.
 */
export interface RecipeFormat<K extends RecipeKind> {
  readonly kind: K;
  readonly schema: TSchema;
  /**
   * What the schema cannot say.
   *
   * @param task - Absent: what the recipe is used by is not checked.
   * @returns One sentence per fault.
   */
  readonly check: (recipe: RecipeOf<K>, task?: RecipeTask) => string[];
  /** All networks that the recipe names, of a prediction stage after stage. */
  readonly modelsOf: (recipe: RecipeOf<K>) => readonly NamedModel[];
  /**
   * Loads what the recipe names beside its models.
   *
   * @param models - Files of the networks, as `modelsOf` lists them.
   */
  readonly loadParts: (
    folders: ResourceFolders,
    recipe: RecipeOf<K>,
    models: readonly ModelFile[],
  ) => Promise<LoadedParts>;
  /** What the recipe says of its network number `index`. */
  readonly expectedModel: (
    loaded: Pick<LoadedRecipe<K>, 'recipe' | 'stages'>,
    index: number,
  ) => ExpectedModel;
}

/** A network as recipes of all kinds name it. */
export interface NamedModel {
  readonly file: string;
  readonly output: string;
}
