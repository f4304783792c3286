import type { HeadKind, HeadLoader, LoadedStage } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import type { Answer } from './answer.ts';

/** What a head makes its answer of. */
export interface Members {
  /**
   * Outputs of the networks of a stage, in its order; of a stage without networks its vector of
   * features, once for each fold of its head.
   */
  readonly outputs: readonly Float32Array[];
  readonly weights: readonly number[];
  /** The vector of features in float64, where the stage has one. NaN: missing. */
  readonly features?: readonly number[];
  /** What the stages before it answered, by their names. */
  readonly earlier?: Readonly<Record<string, Answer>>;
}

/**
 * How the outputs of networks become an answer. Heads are passed as values, so that a program holds
 * the code of those that its task takes and no other.
 */
export interface Head {
  readonly kind: HeadKind;
  /** Reads the files that it names. */
  readonly load?: HeadLoader;
  /**
   * The answer: a risk, where higher is earlier recurrence, or a class.
   *
   * @throws HecktorError MODEL_OUTPUT_INVALID for a risk that is no finite number.
   */
  readonly apply: (members: Members, loaded: LoadedStage, log: Log) => Answer;
}
