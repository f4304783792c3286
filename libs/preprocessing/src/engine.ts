import type { KernelJob, KernelRunner } from './kernels/kernel-job.ts';
import { runInline } from './kernels/run-kernel.ts';

/** Runs jobs and provides memory that the threads which run them can see. */
export interface Engine {
  readonly run: KernelRunner;
  /** True when jobs may run in other threads, so that arrays must lie on shared memory. */
  readonly parallel: boolean;
  /** Most voxels of an image that is kept, and not made again wherever it is read; Infinity: any. */
  readonly mostKept: number;
  int32(length: number): Int32Array<ArrayBuffer>;
  /**
   * Memory that the next call hands out again: other threads hold on to shared arrays that they have
   * seen, so that new ones would add up.
   */
  scratch(length: number): Float64Array<ArrayBuffer>;
  /** The same for values that are made some slices at a time. */
  slab(length: number): Float32Array<ArrayBuffer>;
}

/** Parts that work is cut into when it may run in parallel; more than threads, to balance them. */
const PARTS = 8;

/** Numbers that shared memory has room for: 256 MiB of coefficients, 32 MiB of slices. */
const AHEAD = { scratch: 2 ** 25, slab: 2 ** 23 };

/** An engine over a runner, or one that works in the calling thread when there is none. */
export function createEngine(run?: KernelRunner, mostKept = Infinity): Engine {
  const parallel = run !== undefined;
  const buffer = (bytes: number): ArrayBuffer =>
    // Views of shared memory read and write like any other; nothing here resizes or transfers it.
    parallel ? (new SharedArrayBuffer(bytes) as unknown as ArrayBuffer) : new ArrayBuffer(bytes);
  // Shared memory is asked for at once: it is not there before it is written, and never outgrown.
  const ahead = parallel ? AHEAD : { scratch: 0, slab: 0 };
  let kept = new Float64Array(0);
  let slab = new Float32Array(0);
  return {
    run: run ?? runInline,
    parallel,
    mostKept,
    int32: (length) => new Int32Array(buffer(4 * length)),
    scratch: (length) => {
      if (kept.length < length)
        kept = new Float64Array(buffer(8 * Math.max(length, ahead.scratch)));
      return kept.subarray(0, length);
    },
    slab: (length) => {
      if (slab.length < length) slab = new Float32Array(buffer(4 * Math.max(length, ahead.slab)));
      return slab.subarray(0, length);
    },
  };
}

/** Cuts `[from, to)` into parts for an engine's threads and runs a job for each. */
export async function runInParts(
  engine: Engine,
  range: readonly [number, number],
  job: (part: readonly [number, number]) => KernelJob,
): Promise<void> {
  const [from, to] = range;
  const parts = engine.parallel ? Math.min(PARTS, to - from) : Math.min(1, to - from);
  const jobs: KernelJob[] = [];
  for (let i = 0; i < parts; i++) {
    const cut = (k: number): number => from + Math.floor(((to - from) * k) / parts);
    jobs.push(job([cut(i), cut(i + 1)]));
  }
  if (jobs.length > 0) await engine.run(jobs);
}
