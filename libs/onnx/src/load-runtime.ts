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
