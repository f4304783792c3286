import { Worker } from 'node:worker_threads';

/** The thread's whole program: digests of its files, one after the other, in their order. */
const PROGRAM = `
const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const buffer = Buffer.allocUnsafeSlow(2 ** 20);
for (const path of workerData) {
  const hash = createHash('sha256');
  const file = openSync(path);
  for (let read; (read = readSync(file, buffer)) > 0; ) hash.update(buffer.subarray(0, read));
  closeSync(file);
  parentPort.postMessage(hash.digest('hex'));
}`;

interface Slot {
  readonly promise: Promise<string>;
  readonly resolve: (digest: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Begins to take the SHA-256 digests of files on a thread of its own: weights are hundreds of
 * megabytes, and whoever calls has images to read meanwhile.
 *
 * @returns One promise per file, lower-case hexadecimal. Rejects where a file cannot be read.
 */
export function hashFiles(paths: readonly string[]): Promise<string>[] {
  if (paths.length === 0) return [];
  const slots = paths.map(() => slot());
  const worker = new Worker(PROGRAM, { eval: true, workerData: paths });
  let done = 0;
  worker.on('message', (digest: string) => slots[done++]!.resolve(digest));
  const fail = (error: Error): void => slots.slice(done).forEach(({ reject }) => reject(error));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that takes digests has ended')));
  return slots.map(({ promise }) => {
    // Whoever awaits it learns of a fault; a run that ends before must not be ended by it.
    promise.catch(() => undefined);
    return promise;
  });
}

/** A promise that is settled from outside. */
function slot(): Slot {
  let settle!: Omit<Slot, 'promise'>;
  const promise = new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}
