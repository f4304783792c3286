import type { Tensor } from '@hecktor/volume';
import type { ExpectedTensor, TensorInfo } from './model-fits.ts';

/** What loads and runs models. ONNX Runtime is built in; another one is a library of its own. */
export interface ModelEngine {
  /**
   * Loads a model.
   *
   * @param path - Links resolved; the file is there and may be an ONNX model.
   * @throws HecktorError naming `file`.
   */
  load(path: string, use: EngineUse): Promise<EngineModel>;
}

/** How a model is going to be used. */
interface EngineUse {
  /** The model's path as the caller wrote it, for messages. */
  readonly file: string;
  /** Threads for the operators, >= 1. */
  readonly threads: number;
  /** It runs only once; ONNX Runtime then gives the same bytes for any `threads`. */
  readonly once: boolean;
}

/** A loaded model as an engine has it; what all engines have in common is checked around it. */
export interface EngineModel {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Called once it is known that the model fits: for work that wants the recipe's shapes. */
  prepare?(inputs: readonly ExpectedTensor[]): Promise<void>;
  /**
   * Computes the outputs named by `fetches`.
   *
   * @param feeds - Fit `inputs`, in ordinary memory.
   * @throws HecktorError naming the file.
   */
  run(feeds: Feeds, fetches: readonly string[]): Promise<Readonly<Record<string, EngineTensor>>>;
  release(): Promise<void>;
}

/** Inputs by name. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** An output; only float32 is passed on. */
interface EngineTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
