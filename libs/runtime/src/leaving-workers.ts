const leaving = new Set<Promise<boolean>>();

/**
 * Notes a worker that has been asked to stop; `stopped` settles when it is safe to go on, with false
 * if the worker is stuck in native code and will never leave.
 */
export function noteLeavingWorker(stopped: Promise<boolean>): void {
  leaving.add(stopped);
  void stopped.finally(() => leaving.delete(stopped));
}

/**
 * Waits for the workers that were asked to stop. A process must not exit before: ending a thread
 * inside ONNX Runtime's native code aborts the whole process, with exit code 134 and the native
 * library's words as the last line of stderr.
 *
 * @returns Whether all have left; an ordinary exit would wait forever for one that has not.
 */
export async function workersHaveLeft(): Promise<boolean> {
  return (await Promise.all(leaving)).every(Boolean);
}
