import type { KernelRunner } from '@hecktor/preprocessing';
import type { Log, StageTimer } from '@hecktor/runtime';

/** What the stages of a run share. */
export interface RunContext {
  readonly log: Log;
  readonly timer: StageTimer;
  /** Threads for ONNX Runtime, >= 1. */
  readonly threads: number;
  /** Runs preprocessing kernels on several threads. Absent: in the calling thread. */
  readonly run?: KernelRunner;
  /** @param fraction - Of the stage, 0 to 1. */
  readonly onProgress: (stage: string, fraction: number) => void;
  /** Milliseconds left before the deadline. */
  readonly remainingMs: () => number;
}
