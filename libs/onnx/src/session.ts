import { HecktorError } from '@hecktor/errors';
import type * as Ort from 'onnxruntime-node';

/** The module onnxruntime-node; this file alone imports it. */
export type Runtime = typeof Ort;
export type Session = Ort.InferenceSession;
export type SessionOptions = Ort.InferenceSession.SessionOptions;

/**
 * Loads ONNX Runtime on first use: its native library takes tens of megabytes, and a run that
 * fails on its input never needs it.
 *
 * @throws HecktorError ONNX_RUNTIME_UNAVAILABLE
 */
export async function loadRuntime(): Promise<Runtime> {
  let runtime: Runtime;
  // It would keep usage data in the home folder and try to send them. This reaches the library from
  // the main thread only; programs that load it in a worker set it before they start one.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    runtime = await import('onnxruntime-node');
  } catch (origin) {
    throw new HecktorError('ONNX_RUNTIME_UNAVAILABLE', {
      detail: `no usable binary for ${process.platform}/${process.arch}`,
      origin,
    });
  }
  // Failures arrive as exceptions; below this level the library writes them to stderr as well.
  runtime.env.logLevel = 'fatal';
  return runtime;
}

/** ONNX Runtime's number for `fatal`. */
const FATAL = 4;

/**
 * Threads of a session that runs once, whatever the number of CPUs. ONNX Runtime's matrix product
 * splits its columns among the threads, and below 65 columns for each the width of a part chooses
 * how the sum over the rows is cut: the last bits of a small convolution depend on the number of
 * threads. With a fixed number they do not. Idle threads do not spin, so that on one or two CPUs a
 * network of 0.6 s takes 0.05 to 0.1 s more CPU time (ResNet of 64 to 512 channels on 80³), one of 8 ms
 * takes what it took.
 */
const THREADS_ONCE = 8;

/** How a session is going to be used. */
interface SessionUse {
  /**
   * The model runs once: its weights are not packed for the kernels beforehand, which takes longer
   * than one run gains and keeps a second copy of them; and its answer is the same, byte for byte,
   * for any number of threads.
   */
  readonly once?: boolean;
}

/**
 * Session options for one model that runs alone.
 *
 * Memory patterns plan one block for a whole run: for a SegResNet on 128³ windows a peak of 1.8 GB
 * against 1.1 GB without. The arena reuses blocks instead of asking the system for zeroed pages at
 * every operator, which saves a tenth of the CPU time at the same peak.
 * Spinning makes idle threads burn the CPU time that a container is allotted.
 *
 * @param threads Threads for the operators, from the CPUs at hand.
 */
export function sessionOptions(threads: number, { once = false }: SessionUse = {}): SessionOptions {
  return {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: once ? THREADS_ONCE : threads,
    interOpNumThreads: 1,
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: FATAL,
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        inter_op: { allow_spinning: '0' },
        ...(once && { disable_prepacking: '1' }),
      },
    },
  };
}
