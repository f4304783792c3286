import type { HeadKind, LoadedRecipe, SurvivalLoader } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';

/** Outputs of the networks of a recipe and their weights, in its order. */
export interface Members {
  readonly outputs: readonly Float32Array[];
  readonly weights: readonly number[];
}

/**
 * How the outputs of networks become an answer. Heads are passed as values, so that a program holds
 * the code of those that its task takes and no other.
 */
export interface Head {
  readonly kind: HeadKind;
  /** Reads the survival model that its recipe names. */
  readonly loadSurvival?: SurvivalLoader;
  /**
   * The answer: a risk, where higher is earlier recurrence, or a class.
   *
   * @throws HecktorError MODEL_OUTPUT_INVALID for a risk that is no finite number.
   */
  readonly apply: (
    members: Members,
    loaded: LoadedRecipe<'prediction'>,
    log: Log,
  ) => number | boolean;
}
