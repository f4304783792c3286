import { Worker } from 'node:worker_threads';

const PROGRAM = `
const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const buffer = Buffer.allocUnsafeSlow(2 ** 20);
const digests = workerData.map((path) => {
  const hash = createHash('sha256');
  const file = openSync(path);
  for (let read; (read = readSync(file, buffer)) > 0; ) hash.update(buffer.subarray(0, read));
  closeSync(file);
  return hash.digest('hex');
});
parentPort.postMessage(digests);`;

/**
 * Takes the SHA-256 digests of files on a thread of its own: weights are hundreds of megabytes, and
 * the calling thread is busy loading them meanwhile.
 *
 * @returns Lower-case hexadecimal, in the order of the files. Rejects where one cannot be read.
 */
export function hashFiles(paths: readonly string[]): Promise<string[]> {
  const digests = new Promise<string[]>((resolve, reject) => {
    const worker = new Worker(PROGRAM, { eval: true, workerData: paths });
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the thread that takes digests has ended')));
  });
  // Whoever awaits it learns of a fault; a run that ends before must not be ended by it.
  digests.catch(() => undefined);
  return digests;
}
