const leaving = new Set<Promise<unknown>>();

/** Notes a worker that has been asked to stop; `stopped` settles when it is safe to go on. */
export function noteLeavingWorker(stopped: Promise<unknown>): void {
  leaving.add(stopped);
  void stopped.finally(() => leaving.delete(stopped));
}

/**
 * Waits for the workers that were asked to stop. A process must not exit before: ending a thread
 * inside ONNX Runtime's native code aborts the whole process, with exit code 134 and the native
 * library's words as the last line of stderr.
 */
export async function workersHaveLeft(): Promise<void> {
  await Promise.allSettled(leaving);
}
