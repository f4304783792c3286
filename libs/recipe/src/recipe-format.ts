import type { Task } from '@hecktor/case-io';
import type { SurvivalModel } from '@hecktor/survival';
import type { TSchema } from 'typebox';
import type { ModelFile } from './model-file.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { ResourceFolders } from './resource-file.ts';
import type { SegmentationRecipe } from './segmentation-schema.ts';

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

/** A fitted survival model that a recipe names. */
export interface LoadedSurvival {
  readonly model: SurvivalModel;
  readonly file: string;
  readonly sha256: string;
}

/** A recipe and the files it needs, all of them there. */
export interface LoadedRecipe<K extends RecipeKind> {
  readonly recipe: RecipeOf<K>;
  readonly file: string;
  readonly sha256: string;
  /** In the order of `recipe.models`. */
  readonly models: readonly ModelFile[];
  /** What is allowed but hardly meant, one sentence each. */
  readonly warnings: readonly string[];
  /** Of a prediction recipe with the head `icare`. */
  readonly survival?: LoadedSurvival;
  /** What runs first: of a prediction recipe its segmentation, of a cascade its first stage. */
  readonly segmentation?: LoadedRecipe<'segmentation'>;
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
  /** Loads what the recipe names beside its models. */
  readonly loadParts: (
    folders: ResourceFolders,
    recipe: RecipeOf<K>,
  ) => Promise<Pick<LoadedRecipe<K>, 'survival' | 'segmentation'>>;
  /** What the recipe says of its network number `index`. */
  readonly expectedModel: (
    loaded: Pick<LoadedRecipe<K>, 'recipe' | 'survival'>,
    index: number,
  ) => ExpectedModel;
}
