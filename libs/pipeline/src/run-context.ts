import type { KernelRunner } from '@hecktor/preprocessing';
import type { JobResult, Log, PlanMode, StageTimer } from '@hecktor/runtime';
import type { WarmNetworks } from './warm-networks.ts';

/** What the stages of a run share. */
export interface RunContext {
  readonly log: Log;
  readonly timer: StageTimer;
  /** Threads for ONNX Runtime, >= 1. */
  readonly threads: number;
  /** Runs preprocessing kernels on several threads. Absent: in the calling thread. */
  readonly run?: KernelRunner;
  /**
   * Frees the images before networks run, once the tensor is there; `run` cannot be used any more.
   * Each kernel thread keeps what it was last given, so the threads end. Peak memory of the case of
   * docs/benchmarks.md with it: 1334 MiB, without: 1677 MiB (network of the baseline), 480 and 775 MiB
   * (network of the demonstration).
   */
  readonly releaseImages?: () => Promise<void>;
  /** @param fraction - Of the stage, 0 to 1. */
  readonly onProgress: (stage: string, fraction: number) => void;
  /** Milliseconds left before the deadline. */
  readonly remainingMs: () => number;
  /** `auto` leaves out what does not fit into the time that is left. Default: all. */
  readonly plan?: PlanMode;
  /** Whether the run ends with its plan, after a few windows. */
  readonly planOnly?: boolean;
  /** What the stages belong to, where that is not the whole run: `first stage`. */
  readonly part?: string;
  /** Takes the best answer so far. Absent: nobody asks for one before the run is done. */
  readonly onInterim?: ((result: JobResult) => void) | undefined;
  /** Absent: a network is opened for each use and closed after it. */
  readonly networks?: WarmNetworks;
}

/**
 * A part of a run, its stages named apart from those of what comes after: `segmentation inference`.
 * What it works out is no answer.
 *
 * @param share - Of the time that is left, where time is planned. Default: all.
 */
export function stagesNamed(prefix: string, context: RunContext, share = 1): RunContext {
  const { timer, remainingMs } = context;
  const kept = context.plan === 'auto' ? (1 - share) * remainingMs() : 0;
  return {
    ...context,
    part: prefix,
    onInterim: undefined,
    remainingMs: () => remainingMs() - kept,
    timer: { ...timer, time: (stage, run) => timer.time(`${prefix} ${stage}`, run) },
    onProgress: (stage, fraction) => context.onProgress(`${prefix} ${stage}`, fraction),
  };
}
